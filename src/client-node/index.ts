export { connect, type ConnectOptions } from "./connect.ts";
export { createHttp2Client, type Http2Client } from "./http2-client.ts";
export { createHttp2FileSender } from "./http2-file-sender.ts";
export {
  openHttp2Connection,
  type ClientTlsOptions,
  type ConnectionOptions,
  type Http2Connection,
} from "./http2-connection.ts";
export { StreamRefused } from "./http2-errors.ts";
