import { create, createRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import { createFrameCodec } from "../../src/flight/index.ts";
import { CallsAtWork } from "../../src/server/http/calls-at-work.ts";
import { createCorsGate } from "../../src/server/http/cors.ts";
import { Listener } from "../../src/server/http/listener.ts";
import { CallObserver } from "../../src/server/calls/call-observer.ts";
import { anonymous } from "../../src/producer/index.ts";
import { silentLogger } from "../../src/server/logger.ts";
import { Limiter } from "../../src/server/limits/limiter.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { createNativeStreams } from "../../src/server/http/native-streams.ts";
import { TrustedProxies } from "../../src/server/http/origin.ts";
import { RefusalLog } from "../../src/server/http/refusal-log.ts";
import { createRequestHandler } from "../../src/server/http/request-handler.ts";
import { arrivalKey, methodOf, observedKey } from "../../src/server/rpc/call-context.ts";
import { MethodRegistry } from "../../src/server/rpc/method-registry.ts";
import { createNativeAnswerer } from "../../src/server/rpc/native/create-answerer.ts";
import { byPath } from "../../src/server/rpc/router.ts";
import { conformanceService } from "./connect-service.ts";
import {
  ConformanceService,
  file_connectrpc_conformance_v1_conformance as messages,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "./gen/connectrpc/conformance/v1/conformance_pb.ts";

/*
 * A server that connectconformance starts and tests: its service behind Hangar's own listener and request handler.
 * Messages on standard input and output have their length before them, in four bytes.
 */
const input: Buffer[] = [];
for await (const chunk of process.stdin) {
  input.push(chunk as Buffer);
  const bytes = Buffer.concat(input);
  if (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE()) break;
}
const request = fromBinary(ServerCompatRequestSchema, Buffer.concat(input).subarray(4));
const metrics = new Metrics();
const limiter = new Limiter(undefined, metrics);
const refusals = new RefusalLog(silentLogger, limiter.onLimit);
const { limits } = limiter;
const observer = new CallObserver({ logger: silentLogger, metrics });
const registry = new MethodRegistry({
  acceptCompression: [compressionGzip, compressionBrotli],
  ...(request.messageReceiveLimit > 0 && { readMaxBytes: request.messageReceiveLimit }),
  jsonOptions: { registry: createRegistry(messages) },
  requestGate: (context) => {
    const observed = context.values.get(observedKey);
    const { peer } = context.values.get(arrivalKey);
    if (observed) limiter.admit(observed, { method: methodOf(context), peer }, anonymous);
  },
}).addService(ConformanceService, conformanceService);
const shared = {
  calls: new CallsAtWork(limiter),
  allowedHosts: new Set<string>(),
  trustedProxies: new TrustedProxies([]),
  basePath: "",
  limiter,
  logger: silentLogger,
};
const { detach } = createFrameCodec();
const handler = createRequestHandler({
  ...shared,
  handlers: byPath(registry.router, { detach, limits, observer }),
  isReady: async () => true,
  cors: createCorsGate([]),
  webFiles: new Map(),
  refusals,
});
const { gate } = registry;
const onStream = createNativeStreams({
  ...shared,
  find: (path) => registry.find(path),
  answer: createNativeAnswerer({ gate, detach, limiter, observer }),
});
const credentials = request.serverCreds ?? { cert: new Uint8Array(0), key: new Uint8Array(0) };
const tls = { cert: Buffer.from(credentials.cert), key: Buffer.from(credentials.key) };
const listener = new Listener(handler, {
  tls: request.useTls ? tls : undefined,
  onStream,
  limiter,
  refusals,
});
const { port } = await listener.listen({ host: "127.0.0.1", port: 0 });
process.once("SIGTERM", () => void listener.drain(0).then(() => process.exit()));
const response = toBinary(
  ServerCompatResponseSchema,
  create(ServerCompatResponseSchema, {
    host: "127.0.0.1",
    port,
    ...(request.useTls && { pemCert: credentials.cert }),
  }),
);
const length = Buffer.alloc(4);
length.writeUInt32BE(response.byteLength);
process.stdout.write(Buffer.concat([length, response]));
