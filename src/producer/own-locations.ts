import { isNativeGrpc } from "../flight/index.ts";
import type { CallContext } from "./call-context.ts";

/** "The connection that the flight was asked for on". Source: Flight RPC, "Connection Reuse". */
const reuseConnection = "arrow-flight-reuse-connection://?";

/**
 * Where a client finds what this server serves: at the address that the client reached, or the one that all are told.
 *
 * gRPC-Web and Connect pass any proxy of the web, which as a rule does not tell the address that the client reached, so
 * their clients may also fetch from where they are. Those of native gRPC expect no location but addresses.
 *
 * @param advertised - such as `grpc+tls://flights.example:443`
 */
export function ownLocations({ origin, requestHeader }: CallContext, advertised?: string): string[] {
  const address = advertised ?? toLocation(origin);
  return isNativeGrpc(requestHeader.get("content-type")) ? [address] : [address, reuseConnection];
}

/** An address in Flight's own scheme, with its port also where it is the scheme's own. */
function toLocation(origin: URL): string {
  const isSecure = origin.protocol === "https:";
  const port = origin.port === "" ? (isSecure ? "443" : "80") : origin.port;
  return `${isSecure ? "grpc+tls" : "grpc+tcp"}://${origin.hostname}:${port}`;
}
