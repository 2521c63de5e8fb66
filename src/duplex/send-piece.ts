import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { codeFromHttpStatus, errorFromJsonBytes } from "@connectrpc/connect/protocol-connect";
import { joinPieces } from "../flight/index.ts";
import { endHeader, offsetHeader, sendPath, streamIdHeader } from "./headers.ts";
import { duplexSendTimeoutMs } from "./limits.ts";

/** Bytes of an inner request's body, for one Send. */
export interface SentPart {
  /** The position of the first byte in the body. */
  readonly byteOffset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the body ends with this part. */
  readonly isEnd: boolean;
}

/** The response to a Send: the number of accepted bytes of the body, or a refusal of the Send's size. */
export type SendAnswer = { readonly acceptedByteLength: number } | "too large";

/** Sends a part once. @throws ConnectError */
export type SendPart = (part: SentPart, signal: AbortSignal) => Promise<SendAnswer>;

/** Creates the function that sends the parts of one stream. */
export function createSendPart(
  httpClient: UniversalClientFn,
  { base, headers, streamId }: { readonly base: string; readonly headers: Headers; readonly streamId: string },
): SendPart {
  const url = base + sendPath;
  return async ({ byteOffset, bytes, isEnd }, signal) => {
    const header = new Headers(headers);
    header.set("content-type", "application/octet-stream");
    header.set(streamIdHeader, streamId);
    header.set(offsetHeader, String(byteOffset));
    if (isEnd) header.set(endHeader, "true");
    const timeout = AbortSignal.timeout(duplexSendTimeoutMs);
    const request = { url, method: "POST", header, body: toBody(bytes), signal: AbortSignal.any([signal, timeout]) };
    try {
      return await toAnswer(await httpClient(request));
    } catch (reason) {
      if (signal.aborted || !timeout.aborted) throw reason;
      throw new ConnectError("the server did not answer a Send in time", Code.DeadlineExceeded);
    }
  };
}

/** The body can be read again, for a second request with renewed credentials. */
function toBody(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      yield bytes;
    },
  };
}

async function toAnswer(response: UniversalClientResponse): Promise<SendAnswer> {
  const { status, header } = response;
  const chunks: Uint8Array[] = [];
  // A response whose body is not read keeps its connection.
  for await (const chunk of response.body) chunks.push(chunk);
  if (status === 413) return "too large";
  const accepted = header.get(offsetHeader);
  if (status < 300 && accepted !== null) return { acceptedByteLength: Number(accepted) };
  throw errorFromJsonBytes(joinPieces(chunks), header, new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status)));
}
