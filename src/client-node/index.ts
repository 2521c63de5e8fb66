// All of the client for browsers, but for the way to a server.
export * from "../client/index.ts";
export { connect, type ConnectOptions } from "./connect.ts";
export { createHttp2Client, type ClientTlsOptions, type Http2Client } from "./http2-client.ts";
