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

/** Headers out of the duplex protocol. */
export function fromDuplexHeaders(headers: readonly DuplexHeader[]): Headers {
  return new Headers(headers.map(({ name, value }): [string, string] => [name, value]));
}
