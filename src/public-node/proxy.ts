/**
 * The producer that forwards every call to another Flight server.
 *
 * @module hangar/proxy
 */
export { createProxy, type Proxy, type ProxyOptions } from "../proxy/index.ts";
