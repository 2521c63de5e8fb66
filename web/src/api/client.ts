import { createWebTransport, DatasetCatalogClient, FlightClient } from "hangar";
import { serverUrl } from "./server.ts";

const transport = createWebTransport(serverUrl);

/** Flight, at the server that this page has come from. */
export const flight = new FlightClient(transport);

/** `hangar.v1.DatasetService` there. */
export const catalog = new DatasetCatalogClient(transport, flight.headers);
