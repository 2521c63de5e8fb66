import { appMetadata } from "./app-metadata.ts";
import { authBasicProto } from "./auth-basic-proto.ts";
import { expirationTime } from "./expiration-time.ts";
import { flightSql } from "./flight-sql/flight-sql.ts";
import { flightSqlIngestion } from "./flight-sql/ingestion.ts";
import { locationReuseConnection } from "./location-reuse-connection.ts";
import { middleware } from "./middleware.ts";
import { ordered } from "./ordered.ts";
import { pollFlightInfo } from "./poll-flight-info.ts";
import type { Scenario } from "./scenario.ts";
import { sessionOptions } from "./session-options.ts";

/** Every scenario of the official integration client, by the name that it has there. */
export const scenarios: ReadonlyMap<string, () => Scenario> = new Map([
  ["auth:basic_proto", authBasicProto],
  ["middleware", middleware],
  ["ordered", ordered],
  ["expiration_time:do_get", expirationTime],
  ["expiration_time:list_actions", expirationTime],
  ["expiration_time:cancel_flight_info", expirationTime],
  ["expiration_time:renew_flight_endpoint", expirationTime],
  ["location:reuse_connection", locationReuseConnection],
  ["poll_flight_info", pollFlightInfo],
  ["app_metadata_flight_info_endpoint", appMetadata],
  ["session_options", sessionOptions],
  ["flight_sql", flightSql],
  ["flight_sql:extension", flightSql],
  ["flight_sql:ingestion", flightSqlIngestion],
]);
