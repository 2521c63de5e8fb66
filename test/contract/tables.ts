import {
  Bool,
  Float64,
  Int64,
  RecordBatch,
  Table,
  tableFromIPC,
  tableToIPC,
  Utf8,
  vectorFromArray,
  type Vector,
} from "apache-arrow";
import { createFrame, createPathDescriptor, type FlightFrame } from "../../src/flight/index.ts";
import { decodeIpcStream, encodeIpcStream } from "../../src/arrow/index.ts";

/** A table of several batches with ints, floats with nulls, strings and booleans; `seed` makes its values its own. */
export function createTable(seed: number, { batchCount = 3, rowCountPerBatch = 4 } = {}): Table {
  const batches = Array.from({ length: batchCount }, (_, batchIndex) => {
    const rows = Array.from({ length: rowCountPerBatch }, (_, i) => batchIndex * rowCountPerBatch + i);
    return batchOf({
      id: vectorFromArray(
        rows.map((i) => BigInt(seed * 1_000_000 + i)),
        new Int64(),
      ),
      ratio: vectorFromArray(
        rows.map((i) => (i % 3 === 0 ? null : i / 7 + seed)),
        new Float64(),
      ),
      label: vectorFromArray(
        rows.map((i) => `row ${i} of ${seed}`),
        new Utf8(),
      ),
      even: vectorFromArray(
        rows.map((i) => i % 2 === 0),
        new Bool(),
      ),
    });
  });
  return new Table(batches);
}

function batchOf(columns: Record<string, Vector>): RecordBatch {
  return new Table(columns).batches[0] ?? new RecordBatch({});
}

/** A table as the frames of a stream, the schema first. */
export function toFrames(table: Table): FlightFrame[] {
  return [...decodeIpcStream(tableToIPC(table, "stream"))];
}

/** A table as the frames of a put: the path with the first, and application metadata `0`, `1`, … with each batch. */
export function toPutFrames(path: readonly string[], table: Table, { acknowledged = false } = {}): FlightFrame[] {
  return toFrames(table).map((frame, i) =>
    i === 0
      ? createFrame({ ...frame, descriptor: createPathDescriptor(path) })
      : createFrame({ ...frame, ...(acknowledged && { appMetadata: new TextEncoder().encode(String(i - 1)) }) }),
  );
}

/** The rows of a stream of frames, as plain objects, and the names and types of its columns. */
export function toRows(frames: readonly FlightFrame[]): { columns: string[]; rows: object[] } {
  return contentOf(tableFromIPC(encodeIpcStream(frames)));
}

/** The rows of a table, as `toRows` gives them. */
export function contentOf(table: Table): { columns: string[]; rows: object[] } {
  return {
    columns: table.schema.fields.map((field) => `${field.name}: ${field.type}`),
    rows: table.toArray().map((row) => ({ ...row.toJSON() })),
  };
}
