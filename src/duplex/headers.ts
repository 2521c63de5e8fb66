import { FlightError, limitError, requestHeaderBytesMax } from "../flight/index.ts";
import type { DuplexHeader } from "../gen/hangar/v1/duplex_service_pb.ts";

/** Says of which stream a Send is; a header, so that a load balancer can route on it. */
export const streamIdHeader = "hangar-stream-id";

/** Headers about the encoding of the inner call. The outer calls have their own encoding. */
const innerOnly = /^(content-type|te|user-agent|connect-.*|grpc-.*|x-grpc-.*)$/;

/** The headers of the inner call that Open and Send also have: credentials, and headers for routing. */
export function toOuterHeaders(inner: Headers): Headers {
  return new Headers([...inner].filter(([name]) => !innerOnly.test(name)));
}

/** Headers as the duplex protocol has them. */
export function toDuplexHeaders(headers: Headers): Pick<DuplexHeader, "name" | "value">[] {
  return [...headers].map(([name, value]) => ({ name, value }));
}

/**
 * Converts headers of the duplex protocol.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if they are larger than request headers may be; INVALID_ARGUMENT if one is not
 * a valid header
 */
export function fromDuplexHeaders(headers: readonly DuplexHeader[]): Headers {
  const byteLength = headers.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (byteLength > requestHeaderBytesMax) {
    const words = `the headers of the inner call have ${byteLength} bytes; the maximum is ${requestHeaderBytesMax}`;
    throw limitError("header-bytes", words);
  }
  try {
    return new Headers(headers.map(({ name, value }): [string, string] => [name, value]));
  } catch (reason) {
    throw new FlightError("invalid_argument", "the inner call has an invalid header", { cause: reason });
  }
}
