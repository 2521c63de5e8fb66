import type { DescService } from "@bufbuild/protobuf";
import { FlightService } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionV1Alpha } from "../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { DatasetService } from "../../gen/hangar/v1/dataset_service_pb.ts";
import { DuplexService } from "../../gen/hangar/v1/duplex_service_pb.ts";

/**
 * The requirement of a call before its body is read: none, an authenticated caller, or the right `admin`. The guards of
 * this folder check rights on datasets later.
 */
export type Demand = "open" | "caller" | "admin";

/** The requirements of all methods of a service. A missing method is a compile error. */
type DemandsOf<Service extends Pick<DescService, "method">> = Readonly<Record<keyof Service["method"], Demand>>;

const flight: DemandsOf<typeof FlightService> = {
  handshake: "caller",
  listFlights: "caller",
  getFlightInfo: "caller",
  pollFlightInfo: "caller",
  getSchema: "caller",
  doGet: "caller",
  doPut: "caller",
  doExchange: "caller",
  doAction: "caller",
  listActions: "caller",
};

const datasets: DemandsOf<typeof DatasetService> = {
  listDatasets: "caller",
  getDataset: "caller",
  previewRows: "caller",
  describeServer: "caller",
  dropDataset: "caller",
};

/** The inner call of a stream is authenticated separately. Sends are not RPCs; their endpoint demands a caller. */
const duplex: DemandsOf<typeof DuplexService> = { open: "caller" };

/** Load balancers have no credentials. */
const health: DemandsOf<typeof Health> = { check: "open", watch: "open" };

const reflection: DemandsOf<typeof ServerReflection> = { serverReflectionInfo: "admin" };

const reflectionV1Alpha: DemandsOf<typeof ServerReflectionV1Alpha> = { serverReflectionInfo: "admin" };

const services: ReadonlyMap<string, Readonly<Record<string, Demand>>> = new Map<string, Record<string, Demand>>([
  [FlightService.typeName, flight],
  [DatasetService.typeName, datasets],
  [DuplexService.typeName, duplex],
  [Health.typeName, health],
  [ServerReflection.typeName, reflection],
  [ServerReflectionV1Alpha.typeName, reflectionV1Alpha],
]);

/**
 * Returns the requirement of a method. A method that is not in the table needs `admin`, so that no method is public by
 * mistake.
 */
export function demandOf(service: string, localName: string): Demand {
  return services.get(service)?.[localName] ?? "admin";
}
