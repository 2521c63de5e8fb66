import type { FetchOptions } from "./fetch-client.ts";
import { readPieces } from "./read-pieces.ts";
import type { FileAnswer, FileRequest, SendFile } from "./upload-file.ts";

/**
 * Creates the function that `connect` uses in a browser to upload files.
 *
 * It uses XMLHttpRequest, which reports the progress of an upload. It uses `fetch` if `options.fetch` is set, or if
 * `credentials` is `omit`: XMLHttpRequest always sends cookies to the page's own server.
 */
export function createWebFileSender(options: FetchOptions = {}): SendFile {
  const { credentials = "same-origin", fetch } = options;
  const isByRequest = typeof XMLHttpRequest !== "undefined" && fetch === undefined && credentials !== "omit";
  return isByRequest
    ? async (request) => await sendByRequest(request, credentials === "include")
    : async (request) => await sendByFetch(request, fetch ?? globalThis.fetch, credentials);
}

function sendByRequest(
  { url, file, header, signal, onSent }: FileRequest,
  withCredentials: boolean,
): Promise<FileAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("load", () =>
      resolve({ status: request.status, header: headersOf(request), body: request.responseText }),
    );
    request.addEventListener("error", () => reject(new Error("it was refused, or closed before the response")));
    request.addEventListener("abort", () => reject(new Error("the request was aborted")));
    request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    request.open("PUT", url);
    request.withCredentials = withCredentials;
    for (const [name, value] of header) request.setRequestHeader(name, value);
    request.send(file);
  });
}

/** Source: XMLHttpRequest, "getAllResponseHeaders": lines of a name, a colon, a space, and a value. */
function headersOf(request: XMLHttpRequest): Headers {
  const lines = request.getAllResponseHeaders().split("\r\n").filter(Boolean);
  return new Headers(lines.map((line): [string, string] => [line.replace(/:.*/, ""), line.replace(/^[^:]*: /, "")]));
}

async function sendByFetch(
  { url, file, header: headers, signal, onSent }: FileRequest,
  fetch: typeof globalThis.fetch,
  credentials: RequestCredentials,
): Promise<FileAnswer> {
  const request: RequestInit = { method: "PUT", headers, signal: signal ?? null, credentials, redirect: "error" };
  // Browsers cannot stream a request over HTTP/1.1 and do not report the sent bytes. Other runtimes have no `location`.
  const isBrowser = typeof location !== "undefined";
  const body = isBrowser ? { body: file } : { body: toStream(readPieces(file, onSent)), duplex: "half" };
  const response = await fetch(url, { ...request, ...body });
  if (isBrowser) onSent(file.size);
  return { status: response.status, header: response.headers, body: await response.text() };
}

function toStream(
  pieces: AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: async () => void (await pieces.return()),
  });
}
