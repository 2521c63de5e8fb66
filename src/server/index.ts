export { createFlightServer, type FlightServer, type FlightServerOptions } from "./create-flight-server.ts";
export type { TlsOptions } from "./listener.ts";
export type { Logger } from "./logger.ts";
export type { Authenticate, AuthenticationRequest } from "./router.ts";
