export { createProxy, type Proxy, type ProxyOptions } from "./create-proxy.ts";
export type { UpstreamCredentials } from "./credentials.ts";
