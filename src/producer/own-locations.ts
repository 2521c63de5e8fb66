import { isNativeGrpc } from "../flight/index.ts";
import type { CallContext } from "./call-context.ts";

/** "The connection that the flight was asked for on". Source: Flight RPC, "Connection Reuse". */
const reuseConnection = "arrow-flight-reuse-connection://?";

/**
 * Returns the locations of this server for an endpoint. The address is `advertised`, or the address that the client used.
 *
 * Clients of gRPC-Web and Connect get a second location, "reuse the connection". They may be behind a web proxy that
 * hides the address that they used. Clients of native gRPC get only the address.
 *
 * @param advertised - the public address of the server, such as `grpc+tls://flights.example:443`
 */
export function ownLocations({ origin, requestHeader }: CallContext, advertised?: string): string[] {
  const address = advertised ?? toLocation(origin);
  return isNativeGrpc(requestHeader.get("content-type")) ? [address] : [address, reuseConnection];
}

/** Returns an address with Flight's scheme. It always includes the port. */
function toLocation(origin: URL): string {
  const isSecure = origin.protocol === "https:";
  const port = origin.port === "" ? (isSecure ? "443" : "80") : origin.port;
  return `${isSecure ? "grpc+tls" : "grpc+tcp"}://${origin.hostname}:${port}`;
}
