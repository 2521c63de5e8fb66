import type { NodeRequest } from "./node-messages.ts";

/** The overhead of a header field in bytes. Source: RFC 9113, section 6.5.2. */
const fieldOverheadBytes = 32;

/** The part of a request whose size counts. */
export type RequestFields = Pick<NodeRequest, "rawHeaders" | "httpVersionMajor"> & {
  readonly url?: string | undefined;
};

/**
 * Returns the error message for a request whose header is too large; undefined if it is not. The target counts, because
 * it is a header field in HTTP/2.
 *
 * @param bytesMax - the limit `header-bytes`
 */
export function judgeHeader(
  { rawHeaders, url = "", httpVersionMajor }: RequestFields,
  bytesMax: number,
): string | undefined {
  let byteLength = (rawHeaders.length / 2) * fieldOverheadBytes;
  for (const text of rawHeaders) byteLength += text.length;
  if (httpVersionMajor === 1) byteLength += url.length;
  if (byteLength <= bytesMax) return undefined;
  return `The headers of the request have ${byteLength} bytes; the maximum is ${bytesMax} (header-bytes).`;
}
