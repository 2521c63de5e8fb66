import { anonymous, type CallContext } from "../../src/producer/index.ts";

/** What a test may say of a call; the rest is as of a client on this machine. */
export interface TestCall {
  readonly origin?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A call as a producer sees it, without a server. */
export function createTestContext({ origin = "http://127.0.0.1:8815", header, signal }: TestCall = {}): CallContext {
  return {
    identity: anonymous,
    peer: "127.0.0.1:50000",
    origin: new URL(origin),
    requestHeader: new Headers(header),
    responseHeader: new Headers(),
    method: "test",
    responseTrailer: new Headers(),
    signal: signal ?? new AbortController().signal,
    timeoutMs: () => undefined,
  };
}
