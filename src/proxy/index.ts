export { createProxy, type Proxy, type ProxyOptions } from "./create-proxy.ts";
