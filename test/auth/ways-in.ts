import type { SecureClientSessionOptions } from "node:http2";
import type { Transport } from "@connectrpc/connect";
import type { CommonTransportOptions, UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as createConnectTransport } from "@connectrpc/connect/protocol-connect";
import { createTransport as createGrpcTransport } from "@connectrpc/connect/protocol-grpc";
import { createTransport as createGrpcWebTransport } from "@connectrpc/connect/protocol-grpc-web";
import { createNodeHttpClient, Http2SessionManager } from "@connectrpc/connect-node";
import { createDuplexHttpClient } from "../../src/duplex/index.ts";
import { decodeBase64Stream, encodeBase64Stream } from "../../src/server/rpc/base64-stream.ts";

/** How RPCs reach a server. */
export type WayIn = keyof typeof waysIn;

const common = {
  useBinaryFormat: true,
  interceptors: [],
  acceptCompression: [],
  sendCompression: null,
  compressMinBytes: 2 ** 30,
  readMaxBytes: 2 ** 30,
  writeMaxBytes: 2 ** 30,
} satisfies Partial<CommonTransportOptions>;

/** The server that a transport calls. */
export interface Target {
  readonly port: number;
  /** The client's options for TLS; without TLS where left out. */
  readonly tls?: SecureClientSessionOptions | undefined;
}

const urlOf = ({ port, tls }: Target): string => `${tls ? "https" : "http"}://127.0.0.1:${port}`;
const open = (target: Target): UniversalClientFn => {
  const sessions = new Http2SessionManager(urlOf(target), undefined, target.tls);
  return createNodeHttpClient({ httpVersion: "2", sessionProvider: () => sessions });
};
const optionsOf = (target: Target, httpClient = open(target)): CommonTransportOptions => ({
  ...common,
  baseUrl: urlOf(target),
  httpClient,
});

/** Makes a transport for each of the ways. */
export const waysIn = {
  gRPC: (target) => createGrpcTransport(optionsOf(target)),
  "gRPC-Web": (target) => createGrpcWebTransport(optionsOf(target)),
  "gRPC-Web in base64": (target) => createGrpcWebTransport(optionsOf(target, inBase64(open(target)))),
  Connect: (target) => createConnectTransport(optionsOf(target)),
  "Connect with JSON": (target) => createConnectTransport({ ...optionsOf(target), useBinaryFormat: false }),
  "a duplex stream": (target) => {
    const transport = createConnectTransport(optionsOf(target));
    return createGrpcTransport(optionsOf(target, createDuplexHttpClient({ transport, httpClient: open(target) })));
  },
} as const satisfies Record<string, (target: Target) => Transport>;

/** Speaks gRPC-Web in base64 for a client that speaks its binary form. */
function inBase64(client: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const header = new Headers(request.header);
    header.set("content-type", "application/grpc-web-text+proto");
    const body = request.body && encodeBase64Stream(request.body);
    const response = await client({ ...request, header, ...(body && { body }) });
    const answered = new Headers(response.header);
    const type = answered.get("content-type");
    if (type?.includes("-text") !== true) return response;
    answered.set("content-type", type.replace("-text", ""));
    return { ...response, header: answered, body: decodeBase64Stream(response.body) };
  };
}
