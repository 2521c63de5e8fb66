/**
 * The server: serves a producer over gRPC, gRPC-Web, Connect and plain HTTP.
 *
 * @module hangar/server
 */
import "./assert-node-version.ts";
export {
  createFlightServer,
  Metrics,
  readWebFiles,
  type AccessRequest,
  type Authenticate,
  type AuthenticationRequest,
  type Authorize,
  type ClientCertificate,
  type FlightServer,
  type FlightServerOptions,
  type FlightSilenceLimits,
  type IsReady,
  type Logger,
  type Right,
  type ServerLimits,
  type SilenceLimits,
  type TlsOptions,
  type WebFile,
  type WebFiles,
} from "../server/index.ts";
