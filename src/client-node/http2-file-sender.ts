import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { readPieces, type SendFile } from "../client/index.ts";

/**
 * Creates a function that uploads files over the same connections as calls, with their certificates and cookies. A file is
 * read as fast as the server receives it.
 *
 * @param httpClient - such as `twoWay` of an `Http2Client`; it must reset a request whose body throws
 */
export function createHttp2FileSender(httpClient: UniversalClientFn): SendFile {
  return async ({ url, header: ownHeader, file, signal, onSent }) => {
    const header = new Headers(ownHeader);
    header.set("content-length", String(file.size));
    // Where the answer comes early, nobody reads the rest; a stream of HTTP/2 stays until both its sides have ended.
    const leaving = new AbortController();
    const ended = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
    const request = { url, method: "PUT", header, body: readPieces(file, onSent), signal: ended };
    try {
      const response = await httpClient(request);
      const body = await new Response(ReadableStream.from(response.body)).text();
      return { status: response.status, header: response.header, body };
    } finally {
      leaving.abort();
    }
  };
}
