import type { Schema } from "apache-arrow";
import { decodeSchemaMessage } from "../arrow/index.ts";
import type { FlightInfo } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { toArrowSchema } from "./decode-batches.ts";

/** The properties of a dataset that a server returns without reading rows. */
export class DatasetInfo {
  /** The name of the dataset: the segments of its path, joined by `/`. */
  readonly name: string;
  /** The number of rows; undefined if the server does not know it. */
  readonly rowCount: number | undefined;
  /** The stored size in bytes; undefined if the server does not know it. */
  readonly byteLength: number | undefined;
  /** The whole response of the server. */
  readonly flight: FlightInfo;

  constructor(flight: FlightInfo) {
    this.name = (flight.flightDescriptor?.path ?? []).join("/");
    this.rowCount = toCount(flight.totalRecords);
    this.byteLength = toCount(flight.totalBytes);
    this.flight = flight;
  }

  /**
   * The schema. It is decoded on each access.
   *
   * @throws FlightError UNIMPLEMENTED if apache-arrow does not support a type; INVALID_ARGUMENT if there is no schema
   */
  get schema(): Schema {
    return toArrowSchema(decodeSchemaMessage(this.flight.schema));
  }
}

/** Flight uses -1 for an unknown count. */
function toCount(count: bigint): number | undefined {
  return count < 0n ? undefined : Number(count);
}
