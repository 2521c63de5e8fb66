/**
 * The client for Node: the names of `hangar`, with a `connect` that uses gRPC over HTTP/2.
 *
 * @module hangar/node
 */
import "./assert-node-version.ts";
export * from "../public/client.ts";
export {
  connect,
  createHttp2Client,
  createHttp2FileSender,
  type ClientTlsOptions,
  type ConnectOptions,
  type Http2Client,
} from "../client-node/index.ts";
