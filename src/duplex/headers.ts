import { FlightError, limitError, requestHeaderBytesMax } from "../flight/index.ts";
import { DuplexService, type DuplexHeader } from "../gen/hangar/v1/duplex_service_pb.ts";

/** The path of Sends. It is below the service's path, so that one rule of a proxy covers both. */
export const sendPath = `/${DuplexService.typeName}/Send`;

/** The header with the id of a Send's stream. A load balancer can route by it. */
export const streamIdHeader = "hangar-stream-id";

/**
 * The header with a position in the body of the inner request, in bytes. In a Send, it is the position of the Send's
 * first byte. In the response, it is the number of accepted bytes.
 */
export const offsetHeader = "hangar-offset";

/** The header of the Send whose last byte is the last byte of the inner request. Its value is `true`. */
export const endHeader = "hangar-end";

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
