import type { RecordBatch } from "parquet-wasm";
import { selectRows, type ResolvedExpression } from "../../filter/index.ts";
import { decodeSchema, type Field } from "../../arrow/index.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import { toStoredType } from "../format/stored-schema.ts";
import { UnsupportedError } from "../format/unsupported-error.ts";
import { fileKeyOf, showOpenFile } from "../workers/shown-files.ts";
import type { DecodeJob } from "../workers/worker-protocol.ts";
import { assertMapKeys } from "./assert-map-keys.ts";
import { viewExportedBatch, type ExportedBatch } from "./exported-batch.ts";
import { assertExportedSchema } from "./exported-schema.ts";
import { planProjection, type Projection } from "./plan-projection.ts";
import { restoreUnits } from "./restore-units.ts";

/** The columns of a file that are decoded. */
export interface DecodedFields {
  /** All columns of the file, as declared. */
  readonly declared: readonly Field[];
  readonly projection: Projection;
  /** The declared fields of the projection, in its order. */
  readonly declaredFields: readonly Field[];
}

/** The part of a job that determines its columns. */
type DecodedSchema = Pick<DecodeJob, "file" | "schemaHeader">;

/** The columns of the last job. Jobs of one read have the same, and a wide schema takes milliseconds to decode. */
let last: { readonly key: string; readonly schemaHeader: Uint8Array; readonly fields: DecodedFields } | undefined;

/**
 * Returns the columns that a job decodes. The result for the last file and its columns is cached.
 *
 * @param columnIndices - in ascending order; undefined for all
 * @throws UnsupportedError if one of the columns cannot be decoded
 */
export function findDecodedFields(job: DecodedSchema, columnIndices: readonly number[] | undefined): DecodedFields {
  const { file, schemaHeader } = job;
  const key = `${fileKeyOf(file)} ${columnIndices?.join(" ") ?? "all"}`;
  if (last?.key !== key || Buffer.compare(last.schemaHeader, schemaHeader) !== 0) {
    last = { key, schemaHeader, fields: readDecodedFields(job, columnIndices) };
  }
  return last.fields;
}

function readDecodedFields(
  { file, schemaHeader }: DecodedSchema,
  columnIndices: readonly number[] | undefined,
): DecodedFields {
  const { fields: declared } = decodeSchema(schemaHeader);
  const { convertedLeaves, refusals } = showOpenFile(file);
  const fields = mapLeaves(declared, (leaf, leafIndex) =>
    convertedLeaves.has(leafIndex) ? { ...leaf, type: toStoredType(leaf.type) } : leaf,
  );
  const indices = columnIndices ?? [...fields.keys()];
  for (const [columnIndex, why] of refusals) if (indices.includes(columnIndex)) throw new UnsupportedError(why);
  return {
    declared,
    projection: planProjection(fields, columnIndices),
    declaredFields: indices.map((index) => declared[index]!),
  };
}

/** Views batches of a job in wasm memory. */
export class BatchViewer {
  readonly #fields: DecodedFields;
  #isAsserted = false;

  constructor(fields: DecodedFields) {
    this.#fields = fields;
  }

  /**
   * Gives the content of a batch to a function, which must not keep it, and frees the batch.
   *
   * @throws Error if the batch has other columns
   */
  view<T>(batch: RecordBatch, use: (decoded: ExportedBatch) => T): T {
    using exported = batch.intoFFI();
    const { fields, shownFields } = this.#fields.projection;
    // All batches of a job have one schema.
    if (!this.#isAsserted) assertExportedSchema(exported.schemaAddr(), shownFields);
    this.#isAsserted = true;
    const viewed = viewExportedBatch(exported, fields);
    for (const column of viewed.columns) assertMapKeys(column);
    return use(restoreUnits(viewed, this.#fields.declaredFields));
  }
}

/** Returns the rows of a batch that meet a filter, as `selectRows`. */
export function selectDecoded(
  filter: ResolvedExpression,
  { columns, dictionaryValues }: ExportedBatch,
  rowCount: number,
): Uint32Array | undefined {
  return selectRows(filter, {
    rowCount,
    columnOf: ([column]) => columns.find(({ field }) => field === column)!,
    dictionaryOf: (id) => dictionaryValues.get(id),
  });
}
