import type { Schema } from "apache-arrow";
import { decodeSchemaMessage } from "../arrow/index.ts";
import type { FlightInfo } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { toArrowSchema } from "./decode-batches.ts";

/** What a server says of a dataset without reading its rows. */
export class DatasetInfo {
  /** The segments of the dataset's path, joined by `/`. */
  readonly name: string;
  /** Rows; undefined where the server does not know. */
  readonly rowCount: number | undefined;
  /** Bytes, as stored; undefined where the server does not know. */
  readonly byteLength: number | undefined;
  /** All that the server has said. */
  readonly flight: FlightInfo;

  constructor(flight: FlightInfo) {
    this.name = (flight.flightDescriptor?.path ?? []).join("/");
    this.rowCount = toCount(flight.totalRecords);
    this.byteLength = toCount(flight.totalBytes);
    this.flight = flight;
  }

  /**
   * The columns, decoded anew each time.
   *
   * @throws FlightError UNIMPLEMENTED where apache-arrow does not know a type; INVALID_ARGUMENT where there is no schema
   */
  get schema(): Schema {
    return toArrowSchema(decodeSchemaMessage(this.flight.schema));
  }
}

/** Flight says -1 for what is not known. */
function toCount(count: bigint): number | undefined {
  return count < 0n ? undefined : Number(count);
}
