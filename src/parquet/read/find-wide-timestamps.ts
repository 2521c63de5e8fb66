import { decodeSchema, encodeSchema, type ArrayView, type Field } from "../../arrow/index.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import { showOpenFile } from "../workers/shown-files.ts";
import { openWholeRowGroups } from "../workers/worker-files.ts";
import type { OpenFile } from "../workers/worker-protocol.ts";
import { viewExportedBatch } from "./exported-batch.ts";
import { planProjection } from "./plan-projection.ts";

/** The largest number of microseconds around 1970 that fits into 64 bits as nanoseconds: from 1677 to 2262. */
const microsecondsMax = 9_223_372_036_854_775n;

const rowsOfBatch = 65_536;

/**
 * Finds the unit of each INT96 timestamp. INT96 has nanoseconds with a wider range than 64 bits: before 1677 and after
 * 2262, they overflow. INT96 has no usable statistics, so all values are decoded.
 *
 * @param schemaHeader - the schema as parquet-wasm reads it, in nanoseconds
 * @returns the schema with microseconds for the columns that need them; undefined if none does
 */
export async function findWideTimestamps(
  file: OpenFile,
  schemaHeader: Uint8Array,
  rowGroupCount: number,
): Promise<Uint8Array | undefined> {
  const schema = decodeSchema(schemaHeader);
  const int96 = new Set(showOpenFile(file).int96Leaves);
  const withMicroseconds = (leaves: ReadonlySet<number>): Uint8Array =>
    encodeSchema({
      ...schema,
      fields: mapLeaves(schema.fields, (field, i) => (leaves.has(i) ? toMicroseconds(field) : field)),
    });
  const columnIndices: number[] = [];
  const leafOf: number[] = [];
  let leaf = 0;
  for (const [i, column] of schema.fields.entries()) {
    const leaves: number[] = [];
    mapLeaves([column], (field) => (leaves.push(leaf++), field));
    if (!leaves.some((each) => int96.has(each))) continue;
    columnIndices.push(i);
    leafOf.push(...leaves);
  }
  const shown = { ...file, shownSchema: withMicroseconds(int96) };
  const { names, fields } = planProjection(decodeSchema(shown.shownSchema).fields, columnIndices);
  const wide = new Set<number>();
  for await (const { parquet, indices } of openWholeRowGroups(shown, [...Array(rowGroupCount).keys()])) {
    const stream = await parquet.stream({ columns: names!, batchSize: rowsOfBatch, rowGroups: [...indices] });
    for await (const batch of stream) {
      using exported = batch.intoFFI();
      const arrays = viewExportedBatch(exported, fields).columns.flatMap(leavesOf);
      arrays.forEach((array, i) => {
        if (int96.has(leafOf[i]!) && !wide.has(leafOf[i]!) && isWide(array)) wide.add(leafOf[i]!);
      });
    }
  }
  return wide.size === 0 ? undefined : withMicroseconds(wide);
}

function toMicroseconds(field: Field): Field {
  const { type } = field;
  return type.kind === "timestamp" && type.unit === "ns" ? { ...field, type: { ...type, unit: "us" } } : field;
}

function leavesOf(array: ArrayView): ArrayView[] {
  return array.children.length === 0 ? [array] : array.children.flatMap(leavesOf);
}

/** Returns whether a column in microseconds has a value that does not fit into nanoseconds. */
function isWide({ field, offset, length, validity, buffers }: ArrayView): boolean {
  if (field.type.kind !== "timestamp" || field.type.unit !== "us" || length === 0) return false;
  const values = new BigInt64Array(offset + length);
  buffers[0]!.copyTo(new Uint8Array(values.buffer), 0);
  const valid = new Uint8Array(Math.ceil((offset + length) / 8));
  if (validity) validity.copyTo(valid, 0);
  else valid.fill(255);
  // The value under a null is arbitrary.
  const isValid = (i: number): boolean => ((valid[i >> 3]! >> (i & 7)) & 1) === 1;
  return values.some((value, i) => i >= offset && (value > microsecondsMax || value < -microsecondsMax) && isValid(i));
}
