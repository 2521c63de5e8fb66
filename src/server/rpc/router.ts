import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { compressionGzip } from "@connectrpc/connect-node";
import {
  carriesFlightData,
  controlMessageBytesMax,
  createFrameCodec,
  messageBytesMax,
  wireCodec,
} from "../../flight/index.ts";
import { FlightService } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionV1Alpha } from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { DatasetService } from "../../gen/hangar/v1/dataset_service_pb.ts";
import { DuplexService } from "../../gen/hangar/v1/duplex_service_pb.ts";
import { demandOf } from "../../auth/index.ts";
import type { DatasetCatalog, DatasetFiles, FlightProducer, FlightRelay } from "../../producer/index.ts";
import type { Admit } from "./admit.ts";
import { arrivalKey, identityKey, methodOf, observedKey } from "./call-context.ts";
import { createDatasetService } from "../services/dataset-service.ts";
import { createDuplexService } from "../services/duplex-service.ts";
import { DuplexStreams } from "../services/duplex-streams.ts";
import { createFrameCheck } from "../services/check-answers.ts";
import { createFlightService } from "../services/flight-service.ts";
import { createHealthService, HealthState, type IsReady } from "../services/health.ts";
import type { CallObserver } from "../calls/call-observer.ts";
import { countFrame, countMessage } from "../calls/count-frames.ts";
import type { NativeAnswerer } from "../http/native-streams.ts";
import type { FlightSilenceLimits } from "../http/silence.ts";
import { sendPath } from "../../duplex/index.ts";
import { createSendEndpoint } from "../services/send-endpoint.ts";
import { createReflectionService } from "../services/reflection.ts";
import { MethodRegistry, type RawImplementation, type RegisteredMethod } from "./method-registry.ts";
import { createNativeAnswerer } from "./native/create-answerer.ts";
import { createRawRelay } from "./native/raw-relay.ts";
import { withRawWeb } from "./native/web-relay.ts";
import { spliceHandler, type RequestAnswerer, type SpliceOptions, type SplicedHandler } from "./splice-handler.ts";
import type { Limiter } from "../limits/limiter.ts";
import { questionBytesMax } from "./limits.ts";
import type { ErrorTranslator } from "./translate-errors.ts";
import { withWebText } from "./web-text.ts";

/** The dependencies of the router. */
export interface RouterOptions {
  readonly producer: FlightProducer | FlightRelay;
  readonly catalog?: DatasetCatalog | undefined;
  readonly isReady?: IsReady | undefined;
  readonly files?: DatasetFiles | undefined;
  readonly admit: Admit;
  readonly translator: ErrorTranslator;
  readonly observer: CallObserver;
  readonly limiter: Limiter;
  readonly silence?: FlightSilenceLimits | undefined;
}

/**
 * The handlers by path, such as `/arrow.flight.protocol.FlightService/DoGet`. Each serves all three protocols, except
 * that of Sends, which are plain HTTP requests.
 */
export interface Router {
  readonly handlers: ReadonlyMap<string, RequestAnswerer>;
  /** Returns the method of a path, for native gRPC. */
  readonly find: (path: string) => RegisteredMethod | undefined;
  readonly answerNative: NativeAnswerer;
  readonly health: HealthState;
}

/** Registers the services with Connect's router. */
export function createRouter(options: RouterOptions): Router {
  const { admit, limiter, observer, translator } = options;
  const registry = new MethodRegistry({
    acceptCompression: [compressionGzip],
    requestGate: async (context) => await openGate(context, options),
  });
  const { catalog, files, producer } = options;
  const services: DescService[] = catalog ? [FlightService, DatasetService] : [FlightService];
  const health = new HealthState(
    services.map((service) => service.typeName),
    options.isReady,
  );
  const isRelay = "isRelay" in producer;
  const service = isRelay
    ? createFlightService(producer, { codec: wireCodec, count: countMessage }, translator)
    : createFlightService(
        producer,
        { codec: createFrameCodec(), count: countFrame, createCheck: createFrameCheck },
        translator,
      );
  registerFlight(registry, service, (desc, readBytesMax) =>
    isRelay ? createRawRelay(producer, desc, { translator, limits: limiter.limits, readBytesMax }) : undefined,
  );
  registry.addService(Health, createHealthService(health, translator), { readMaxBytes: questionBytesMax });
  if (catalog) {
    registry.addService(DatasetService, createDatasetService({ catalog, files }, translator), {
      readMaxBytes: controlMessageBytesMax,
    });
  }
  registerReflection(registry, [...services, Health, DuplexService], translator);
  // Duplex streams carry all calls except those of the duplex service itself.
  const { limits } = limiter;
  const { messageBytes } = limits;
  const codec = { budget: producer.messageBudget, messageBytes, allocate: Buffer.allocUnsafeSlow };
  const { detach } = isRelay ? wireCodec : createFrameCodec(codec);
  const handlers = () => byPath(registry.router, { detach, limits, observer });
  const streams = new DuplexStreams(limiter.duplexStreams, options.silence?.duplexIdleTimeoutMs);
  registry.addService(DuplexService, createDuplexService(handlers(), { streams, translator }), {
    readMaxBytes: controlMessageBytesMax,
    compressMinBytes: messageBytesMax,
  });
  const sends = createSendEndpoint({ streams, admit, limiter, translator, observer });
  return {
    handlers: new Map([...withRawMethods(handlers(), registry, observer), [sendPath, sends]]),
    find: (path) => registry.find(path),
    answerNative: createNativeAnswerer({ gate: registry.gate, detach, limiter, observer }),
    health,
  };
}

/** Returns the handlers by path. FlightData bypasses Connect. */
export function byPath(router: ConnectRouter, options: SpliceOptions): ReadonlyMap<string, SplicedHandler> {
  const splice = (handler: UniversalHandler): SplicedHandler => withWebText(spliceHandler(handler, options));
  return new Map(router.handlers.map((handler) => [handler.requestPath, splice(handler)]));
}

/** Answers gRPC-Web with the raw methods of a relay. */
function withRawMethods(
  handlers: ReadonlyMap<string, SplicedHandler>,
  registry: MethodRegistry,
  observer: CallObserver,
): ReadonlyMap<string, SplicedHandler> {
  const entries = Array.from(handlers, ([path, handler]): [string, SplicedHandler] => {
    const raw = registry.find(path)?.raw;
    const { gate } = registry;
    return [path, raw ? withRawWeb(handler, { desc: handler.method, raw, gate, observer }) : handler];
  });
  return new Map(entries);
}

/**
 * Registers two versions of the reflection service. Clients try the newest version first, older clients the old one.
 * Both have the same messages.
 */
function registerReflection(
  registry: MethodRegistry,
  services: readonly DescService[],
  translator: ErrorTranslator,
): void {
  const reflection = createReflectionService([...services, ServerReflection, ServerReflectionV1Alpha], translator);
  const options = { readMaxBytes: questionBytesMax };
  registry.addService(ServerReflection, reflection, options);
  registry.addService(ServerReflectionV1Alpha, reflection as never, options);
}

function registerFlight(
  registry: MethodRegistry,
  service: ServiceImpl<typeof FlightService>,
  rawOf: (desc: DescMethod, readBytesMax: number) => RawImplementation | undefined,
): void {
  for (const method of FlightService.methods) {
    const readMaxBytes = carriesFlightData(method, "input") ? messageBytesMax : controlMessageBytesMax;
    // Arrow has its own compression. Compressing again with gzip takes twenty times as long as sending the data.
    const options = { readMaxBytes, compressMinBytes: messageBytesMax };
    const implementation = service[method.localName as keyof typeof service] as never;
    registry.addMethod(method, implementation, options, rawOf(method, readMaxBytes));
  }
}

async function openGate(context: HandlerContext, { admit, limiter, translator }: RouterOptions): Promise<void> {
  const from = context.values.get(arrivalKey);
  const { checkHead, failRequest } = from;
  const { service, method, requestHeader: header } = context;
  const observed = context.values.get(observedKey);
  if (failRequest) endAtDeadline(context.signal, failRequest);
  try {
    const demand = demandOf(service.typeName, method.localName);
    const identity = await admit(
      { method: methodOf(context), httpMethod: context.requestMethod, header, from },
      demand,
    );
    context.values.set(identityKey, identity);
    if (observed) {
      observed.identity = identity;
      if (demand !== "open") limiter.admit(observed, { method: methodOf(context), peer: from.peer }, identity);
    }
  } catch (reason) {
    const error = translator.translate(context, reason);
    observed?.end(error.code);
    throw error;
  }
  await checkHead?.();
}

function endAtDeadline(signal: AbortSignal, failRequest: (reason: unknown) => void): void {
  const end = (): void => {
    const { reason } = signal;
    if (reason instanceof ConnectError && reason.code === Code.DeadlineExceeded) failRequest(reason);
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}
