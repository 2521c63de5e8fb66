import type { ClientSteps } from "./checks.ts";
import { flightSqlExtension } from "./flight-sql-extension.ts";
import { flightSql, flightSqlIngestion } from "./flight-sql.ts";
import * as flight from "./flight.ts";

/**
 * What our client does in every scenario of the official integration client, and what it expects: the steps and checks
 * are those of the official one. They know nothing of the transport, and run in a page, too.
 */
export const clientSteps: ReadonlyMap<string, ClientSteps> = new Map([
  ["auth:basic_proto", flight.authBasicProto],
  ["middleware", flight.middleware],
  ["ordered", flight.ordered],
  ["expiration_time:do_get", flight.expiringGet],
  ["expiration_time:list_actions", flight.expiringActions],
  ["expiration_time:cancel_flight_info", flight.expiringCancel],
  ["expiration_time:renew_flight_endpoint", flight.expiringRenew],
  ["location:reuse_connection", flight.reuseConnection],
  ["poll_flight_info", flight.poll],
  ["app_metadata_flight_info_endpoint", flight.appMetadata],
  ["session_options", flight.sessionOptions],
  ["flight_sql", flightSql],
  ["flight_sql:extension", flightSqlExtension],
  ["flight_sql:ingestion", flightSqlIngestion],
]);
