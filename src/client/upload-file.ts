import { Code, ConnectError } from "@connectrpc/connect";
import { errorFromJson } from "@connectrpc/connect/protocol-connect";
import { FlightError, toFlightError } from "../flight/index.ts";

/** A file on its way to a server. */
export interface FileUpload {
  readonly url: string;
  readonly file: Blob;
  readonly headers: Headers;
  readonly signal: AbortSignal | undefined;
  /** Sends it where there is no XMLHttpRequest. */
  readonly fetch: typeof globalThis.fetch;
  /** Told how many bytes have been sent. */
  readonly onSent: (byteLength: number) => void;
}

/** How a server has answered. */
interface UploadAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Sends a file by PUT, and resolves when the server has stored it.
 *
 * @throws FlightError with the code and the words of the server; CANCELLED or DEADLINE_EXCEEDED by the signal;
 * UNAVAILABLE where the server cannot be reached
 */
export async function uploadFile(upload: FileUpload): Promise<void> {
  if (upload.signal?.aborted) throw toEnded(upload.signal);
  // Of the two, only the older tells a page how far an upload has come.
  const send = typeof XMLHttpRequest === "undefined" ? sendByFetch : sendByRequest;
  const { status, body } = await send(upload).catch((reason: unknown) => {
    throw upload.signal?.aborted ? toEnded(upload.signal) : unreachable(upload, reason);
  });
  if (status < 200 || status > 299) throw toAnswerError(upload, { status, body });
}

function sendByRequest({ url, file, headers, signal, onSent }: FileUpload): Promise<UploadAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("load", () => resolve({ status: request.status, body: request.responseText }));
    request.addEventListener("error", () => reject(new Error("it was refused, or closed before the answer")));
    request.addEventListener("abort", () => reject(new Error("the request was aborted")));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    request.open("PUT", url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    request.send(file);
  });
}

async function sendByFetch({ url, file, headers, signal, fetch, onSent }: FileUpload): Promise<UploadAnswer> {
  let byteLength = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      byteLength += chunk.byteLength;
      onSent(byteLength);
      controller.enqueue(chunk);
    },
  });
  const body = file.stream().pipeThrough(counted);
  // Without `duplex` a body may not be a stream; the types of browsers do not know of it.
  const request = { method: "PUT", headers, body, duplex: "half", signal: signal ?? null } as RequestInit;
  const response = await fetch(url, request);
  return { status: response.status, body: await response.text() };
}

function toEnded({ reason }: AbortSignal): FlightError {
  const isLate = reason instanceof DOMException && reason.name === "TimeoutError";
  const words = isLate ? "the upload took too long" : "the upload was cancelled";
  return new FlightError(isLate ? "deadline_exceeded" : "cancelled", words, { cause: reason });
}

function unreachable({ url }: FileUpload, reason: unknown): FlightError {
  const why = reason instanceof Error ? reason.message : String(reason);
  const words = `the connection to ${new URL(url).origin} failed: ${why}`;
  return new FlightError("unavailable", words, { cause: reason });
}

/** A Hangar server says what was wrong as Connect does; whatever else answers has its status only. */
function toAnswerError({ url }: FileUpload, { status, body }: UploadAnswer): FlightError {
  const fallback = new ConnectError(`PUT ${new URL(url).pathname} was answered ${status}`, Code.Unknown);
  try {
    return toFlightError(errorFromJson(JSON.parse(body) as never, undefined, fallback));
  } catch {
    return toFlightError(fallback);
  }
}
