/**
 * The producer that forwards every call to another Flight server.
 *
 * @module hangar/proxy
 */
import "./assert-node-version.ts";
export { createProxy, type Proxy, type ProxyOptions, type UpstreamCredentials } from "../proxy/index.ts";
