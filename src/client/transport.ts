import type { Interceptor, Transport } from "@connectrpc/connect";
import type { CommonTransportOptions, UniversalClientFn } from "@connectrpc/connect/protocol";
import { createTransport as createConnectTransport } from "@connectrpc/connect/protocol-connect";
import { createTransport as createGrpcTransport } from "@connectrpc/connect/protocol-grpc";
import { createTransport as createGrpcWebTransport } from "@connectrpc/connect/protocol-grpc-web";
import { createDuplexHttpClient } from "../duplex/index.ts";
import { FlightError, messageBytesMax } from "../flight/index.ts";
import type { Credentials } from "./credentials.ts";
import { hideStatusDetails } from "./hide-status-details.ts";
import { credentialsKey, renewSends } from "./renew-sends.ts";
import { createSplicingTransport } from "./splice-bodies.ts";
import { requireWholeAnswers } from "./whole-answers.ts";

/** The RPC protocol over HTTP. */
export type Protocol = "grpc" | "grpc-web" | "connect";

/** Options of a Flight transport. */
export interface FlightTransportOptions {
  /** The server, such as `https://flights.example:8815`. */
  readonly url: URL;
  /** The protocol. */
  readonly protocol: Protocol;
  /** Sends requests of calls with one request message. */
  readonly httpClient: UniversalClientFn;
  /**
   * Sends requests of calls with two streams. It must send the request body while it receives the response, as HTTP/2
   * in Node does. If it is omitted, these calls use `DuplexService` of a Hangar server.
   */
  readonly twoWayHttpClient?: UniversalClientFn | undefined;
  /** Interceptors of Connect; none by default. */
  readonly interceptors?: readonly Interceptor[] | undefined;
}

const createByProtocol: Record<Protocol, (options: CommonTransportOptions) => Transport> = {
  grpc: createGrpcTransport,
  "grpc-web": createGrpcWebTransport,
  connect: createConnectTransport,
};

/**
 * Creates a transport for all calls of Flight. Connect does not copy the Arrow bodies.
 *
 * @throws FlightError INVALID_ARGUMENT if the protocol does not exist
 */
export function createFlightTransport(options: FlightTransportOptions): Transport {
  const mend = (client: UniversalClientFn): UniversalClientFn => {
    const whole = requireWholeAnswers(client);
    return options.protocol === "grpc" ? hideStatusDetails(whole) : whole;
  };
  const httpClient = mend(options.httpClient);
  const twoWayHttpClient = options.twoWayHttpClient && mend(options.twoWayHttpClient);
  const common = {
    baseUrl: options.url.href,
    useBinaryFormat: true,
    interceptors: [...(options.interceptors ?? [])],
    // Arrow has its own compression.
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: messageBytesMax,
    readMaxBytes: messageBytesMax,
    writeMaxBytes: messageBytesMax,
  };
  const createTransport = createByProtocol[options.protocol];
  if (createTransport === undefined) {
    const known = Object.keys(createByProtocol).map((each) => JSON.stringify(each));
    throw new FlightError("invalid_argument", `the protocol must be one of ${known.join(", ")}`);
  }
  const splicing = (create: typeof createTransport, client: UniversalClientFn): Transport =>
    createSplicingTransport((each) => create({ ...common, httpClient: each }), client);
  const oneWay = splicing(createTransport, httpClient);
  const opens = createTransport({ ...common, interceptors: [], httpClient });
  const overDuplex = (credentials: Credentials | undefined): Transport => {
    const sends = credentials ? renewSends(httpClient, credentials) : httpClient;
    const duplex = createDuplexHttpClient({ transport: opens, httpClient: sends });
    return splicing(createGrpcTransport, hideStatusDetails(duplex));
  };
  const twoWay = twoWayHttpClient && splicing(createTransport, twoWayHttpClient);
  return {
    unary: oneWay.unary,
    stream: async (method, signal, timeoutMs, header, input, contextValues) => {
      const isTwoWay = method.methodKind === "bidi_streaming";
      const transport = isTwoWay ? (twoWay ?? overDuplex(contextValues?.get(credentialsKey))) : oneWay;
      return await transport.stream(method, signal, timeoutMs, header, input, contextValues);
    },
  };
}
