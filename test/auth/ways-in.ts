import type { Transport } from "@connectrpc/connect";
import type { CommonTransportOptions, UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as createConnectTransport } from "@connectrpc/connect/protocol-connect";
import { createTransport as createGrpcTransport } from "@connectrpc/connect/protocol-grpc";
import { createTransport as createGrpcWebTransport } from "@connectrpc/connect/protocol-grpc-web";
import { createNodeHttpClient } from "@connectrpc/connect-node";
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

const open = (): UniversalClientFn => createNodeHttpClient({ httpVersion: "2" });
const optionsOf = (port: number, httpClient = open()): CommonTransportOptions => ({
  ...common,
  baseUrl: `http://127.0.0.1:${port}`,
  httpClient,
});

/** Makes a transport for each of the ways. */
export const waysIn = {
  gRPC: (port) => createGrpcTransport(optionsOf(port)),
  "gRPC-Web": (port) => createGrpcWebTransport(optionsOf(port)),
  "gRPC-Web in base64": (port) => createGrpcWebTransport(optionsOf(port, inBase64(open()))),
  Connect: (port) => createConnectTransport(optionsOf(port)),
  "Connect with JSON": (port) => createConnectTransport({ ...optionsOf(port), useBinaryFormat: false }),
  "a duplex stream": (port) => {
    const transport = createConnectTransport(optionsOf(port));
    return createGrpcTransport(optionsOf(port, createDuplexHttpClient({ transport, httpClient: open() })));
  },
} as const satisfies Record<string, (port: number) => Transport>;

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
