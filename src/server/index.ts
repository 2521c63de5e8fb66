export { createFlightServer, type FlightServer, type FlightServerOptions } from "./create-flight-server.ts";
export type { TlsOptions } from "./http/listener.ts";
export { countReceived } from "./http/received-garbage.ts";
export type { Logger } from "./logger.ts";
export { Metrics } from "./metrics.ts";
export { toKebabCase } from "./limits/limit-counter.ts";
export { defaultLimits, limitMaxOf, limitNames, type ServerLimits } from "./limits/server-limits.ts";
export type { IsReady } from "./services/health.ts";
export type { FlightSilenceLimits, SilenceLimits } from "./http/silence.ts";
export { readWebFiles, type WebFile, type WebFiles } from "./http/web-files.ts";
export type {
  AccessRequest,
  Authenticate,
  AuthenticationRequest,
  Authorize,
  ClientCertificate,
  Right,
} from "../producer/index.ts";
