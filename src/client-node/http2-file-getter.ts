import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import type { GetFile } from "../client/index.ts";

/**
 * Makes what gets files over the connections of calls, and so with their certificates and cookies.
 *
 * @param httpClient - such as `oneWay` of an `Http2Client`
 */
export function createHttp2FileGetter(httpClient: UniversalClientFn): GetFile {
  return async (url, { headers, signal }) => {
    const request = { url, method: "GET", header: headers, ...(signal && { signal }) };
    const { status, header, body } = await httpClient(request);
    return new Response(ReadableStream.from(body), { status, headers: header });
  };
}
