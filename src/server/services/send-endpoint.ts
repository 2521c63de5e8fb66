import { ConnectError } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import {
  duplexCreditTimeoutMs,
  duplexSendBytesMax,
  endHeader,
  offsetHeader,
  sendPath,
  streamIdHeader,
} from "../../duplex/index.ts";
import { FlightError, limitError, limitOf } from "../../flight/index.ts";
import type { CallObserver, ObservedCall } from "../calls/call-observer.ts";
import { encodeJsonError } from "../http/json-error.ts";
import type { Limiter } from "../limits/limiter.ts";
import { callerOf } from "../limits/places.ts";
import type { Admit } from "../rpc/admit.ts";
import type { ByteStreamRequest } from "../rpc/byte-stream-request.ts";
import type { Sender } from "../rpc/call-context.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import type { DuplexStream, DuplexStreams } from "./duplex-streams.ts";
import { once } from "../http/once.ts";

/** The dependencies of the endpoint. */
export interface SendEndpointOptions {
  readonly streams: DuplexStreams;
  readonly admit: Admit;
  readonly limiter: Limiter;
  readonly translator: ErrorTranslator;
  readonly observer: CallObserver;
}

/** The name of a Send in logs, metrics and for `authenticate`. */
const method = sendPath.slice(1);

/**
 * Returns the handler of Sends, which bring bytes of the request of a duplex stream. The bytes go to the reader of the
 * stream as they arrive. A Send is not read while it waits for its turn or for room. See docs/duplex.md.
 */
export function createSendEndpoint(options: SendEndpointOptions): RequestAnswerer {
  const { observer, translator } = options;
  return {
    // The end of a truncated Send is not the end of the inner request.
    takesStream: true,
    givesStream: false,
    answer: async (request, from) => {
      if (request.method !== "POST") return { status: 405, header: new Headers({ allow: "POST" }) };
      const { signal, header } = request;
      const observed = observer.begin({ method, protocol: "http", peer: from.peer, header, isQuiet: true });
      try {
        return await translator.response({ name: method, observed, signal }, async () => {
          const stream = await findStream(request, from, { ...options, observed });
          return toResponse(await receive(request, stream));
        });
      } catch (reason) {
        // The client has disconnected, so it gets no response.
        if (signal.aborted || !(reason instanceof ConnectError)) throw reason;
        return toErrorResponse(reason);
      }
    },
  };
}

async function findStream(
  { header }: ByteStreamRequest,
  from: Sender,
  { streams, admit, limiter, observed }: SendEndpointOptions & { readonly observed: ObservedCall },
): Promise<DuplexStream> {
  const identity = await admit({ method, httpMethod: "POST", header, from }, "caller");
  observed.identity = identity;
  limiter.admit(observed, { method, peer: from.peer }, identity);
  return streams.find(header.get(streamIdHeader) ?? "", callerOf(identity.subject, from.peer));
}

/**
 * Moves the body of a Send into the queue of its stream.
 *
 * @returns the number of accepted bytes of the inner request: all of the Send, or less if it had to wait too long
 */
async function receive({ header, body, signal }: ByteStreamRequest, stream: DuplexStream): Promise<number> {
  const { queue } = stream;
  const isEnd = header.get(endHeader) === "true";
  const start = parseOffset(header.get(offsetHeader));
  let byteOffset = start;
  assertSize(Number(header.get("content-length") ?? 0));
  stream.touch();
  const deadline = performance.now() + duplexCreditTimeoutMs;
  const isAccepted = async (chunk: Uint8Array): Promise<boolean> => {
    while (!queue.offer(byteOffset, chunk)) {
      if (!(await hasChanged(queue.changed, deadline - performance.now(), signal))) return false;
    }
    byteOffset += chunk.byteLength;
    return true;
  };
  // Bytes are read only when it is their turn.
  if (!(await isAccepted(new Uint8Array(0)))) return queue.acceptedByteLength;
  for await (const chunk of body) {
    assertSize(byteOffset + chunk.byteLength - start);
    if (!(await isAccepted(chunk))) return queue.acceptedByteLength;
    stream.touch();
  }
  if (isEnd) queue.end(byteOffset);
  return queue.acceptedByteLength;
}

const sizeLimit = "send-bytes";

function assertSize(byteLength: number): void {
  if (byteLength > duplexSendBytesMax)
    throw limitError(sizeLimit, `a Send may have at most ${duplexSendBytesMax} bytes`);
}

/** @throws FlightError INVALID_ARGUMENT */
function parseOffset(text: string | null): number {
  const byteOffset = Number(text);
  if (text !== null && /^\d{1,16}$/.test(text) && Number.isSafeInteger(byteOffset)) return byteOffset;
  throw new FlightError("invalid_argument", `a Send needs the header ${offsetHeader}, a number of bytes`);
}

/** Waits for a change. Returns false if it does not happen in time. @throws the reason of the signal */
async function hasChanged(changed: Promise<void>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), Math.max(0, timeoutMs));
  const leave = (): void => late.reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([changed.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
  }
}

function toResponse(acceptedByteLength: number): UniversalServerResponse {
  return { status: 204, header: new Headers({ [offsetHeader]: String(acceptedByteLength) }) };
}

function toErrorResponse(error: ConnectError): UniversalServerResponse {
  const { header, body } = encodeJsonError(error);
  header.set("content-length", String(body.byteLength));
  // Proxies refuse a large body with the same status, so clients need to know only one.
  const status = limitOf(error) === sizeLimit ? 413 : codeToHttpStatus(error.code);
  return { status, header, body: once(body) };
}
