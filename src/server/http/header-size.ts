import { requestHeaderBytesMax } from "../../flight/index.ts";
import type { NodeRequest } from "./node-messages.ts";

/** What a field takes besides its name and value, in bytes. Source: RFC 9113, section 6.5.2. */
const fieldOverheadBytes = 32;

/** Says why a request's header is refused, where it takes too much; its target counts, which HTTP/2 has among the fields. */
export function judgeHeader({ rawHeaders, url = "", httpVersionMajor }: NodeRequest): string | undefined {
  let byteLength = (rawHeaders.length / 2) * fieldOverheadBytes;
  for (const text of rawHeaders) byteLength += text.length;
  if (httpVersionMajor === 1) byteLength += url.length;
  if (byteLength <= requestHeaderBytesMax) return undefined;
  return `The headers of the request have ${byteLength} bytes; the maximum is ${requestHeaderBytesMax}.`;
}
