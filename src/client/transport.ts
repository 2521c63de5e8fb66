import type { Interceptor, Transport } from "@connectrpc/connect";
import type { CommonTransportOptions, UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as createConnectTransport } from "@connectrpc/connect/protocol-connect";
import { createTransport as createGrpcTransport } from "@connectrpc/connect/protocol-grpc";
import { createTransport as createGrpcWebTransport } from "@connectrpc/connect/protocol-grpc-web";
import { createDuplexHttpClient } from "../duplex/index.ts";
import { controlMessageBytesMax, messageBytesMax } from "../flight/index.ts";
import { createSplicingTransport } from "./splice-bodies.ts";

/** How calls are written into HTTP. */
export type Protocol = "grpc" | "grpc-web" | "connect";

/** What a transport of Flight is made of. */
export interface FlightTransportOptions {
  /** The server, such as `https://flights.example:8815`. */
  readonly url: URL;
  readonly protocol: Protocol;
  readonly httpClient: UniversalClientFn;
  /**
   * Whether the HTTP client sends a request's body while it receives the response, as HTTP/2 in Node does. Where it
   * does not, calls with two streams go over `DuplexService`, which a Hangar server has.
   */
  readonly isFullDuplex: boolean;
  readonly interceptors?: readonly Interceptor[] | undefined;
}

const createByProtocol: Record<Protocol, (options: CommonTransportOptions) => Transport> = {
  grpc: createGrpcTransport,
  "grpc-web": createGrpcWebTransport,
  connect: createConnectTransport,
};

/** Makes a transport for all calls of Flight, whose bodies of Arrow data go past Connect without being copied there. */
export function createFlightTransport(options: FlightTransportOptions): Transport {
  const { httpClient, isFullDuplex } = options;
  const common = {
    baseUrl: options.url.href,
    useBinaryFormat: true,
    interceptors: [...(options.interceptors ?? [])],
    // Arrow has a compression of its own.
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: controlMessageBytesMax,
    readMaxBytes: messageBytesMax,
    writeMaxBytes: messageBytesMax,
  };
  const createTransport = createByProtocol[options.protocol];
  const transport = createSplicingTransport((client) => createTransport({ ...common, httpClient: client }), httpClient);
  if (isFullDuplex) return transport;
  const carrier = createTransport({ ...common, interceptors: [], httpClient });
  const twoWay = createSplicingTransport(
    (client) => createGrpcTransport({ ...common, httpClient: client }),
    createDuplexHttpClient(carrier),
  );
  return {
    unary: transport.unary,
    stream: async (method, ...call) =>
      await (method.methodKind === "bidi_streaming" ? twoWay : transport).stream(method, ...call),
  };
}
