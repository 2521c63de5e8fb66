export { createFlightServer, type FlightServer, type FlightServerOptions } from "./create-flight-server.ts";
export type { TlsOptions } from "./listener.ts";
export type { Logger } from "./logger.ts";
export { Metrics, type Direction } from "./metrics.ts";
export type { Authenticate, AuthenticationRequest } from "./router.ts";
export { readWebFiles, type WebFile, type WebFiles } from "./web-files.ts";
