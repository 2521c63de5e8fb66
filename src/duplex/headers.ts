import { FlightError, requestHeaderBytesMax } from "../flight/index.ts";
import type { DuplexHeader } from "../gen/hangar/v1/duplex_service_pb.ts";

/** Says of which stream a Send is; a header, so that a load balancer can route on it. */
export const streamIdHeader = "hangar-stream-id";

/** Headers that say how the inner call is written; the calls that carry it are written otherwise. */
const innerOnly = /^(content-type|te|user-agent|connect-.*|grpc-.*|x-grpc-.*)$/;

/** The headers of an inner call that go with Open and Send as well: credentials, and whatever routes a call. */
export function toOuterHeaders(inner: Headers): Headers {
  return new Headers([...inner].filter(([name]) => !innerOnly.test(name)));
}

/** Headers as the duplex protocol has them. */
export function toDuplexHeaders(headers: Headers): Pick<DuplexHeader, "name" | "value">[] {
  return [...headers].map(([name, value]) => ({ name, value }));
}

/**
 * Headers out of the duplex protocol.
 *
 * @throws FlightError RESOURCE_EXHAUSTED where they are larger than those of a request may be; INVALID_ARGUMENT where one
 * is no header
 */
export function fromDuplexHeaders(headers: readonly DuplexHeader[]): Headers {
  const byteLength = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (byteLength > requestHeaderBytesMax) {
    const words = `the headers of the inner call have ${byteLength} bytes; at most ${requestHeaderBytesMax} are taken`;
    throw new FlightError("resource_exhausted", words);
  }
  try {
    return new Headers(headers.map(({ name, value }): [string, string] => [name, value]));
  } catch (reason) {
    throw new FlightError("invalid_argument", "the inner call has a header that is none", { cause: reason });
  }
}
