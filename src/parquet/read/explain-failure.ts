import { decodeSchema, type Field } from "../../arrow/index.ts";
import { physicalTypes } from "../format/column-chunks.ts";
import { columnChunk, columnMetaData, rowGroupField } from "../format/footer-fields.ts";
import { chunkRange } from "../format/footer.ts";
import { pageKinds, pageValueCount, readPageHeaders, type ReadRange } from "../format/scan-pages.ts";
import type { SchemaLeaf } from "../format/schema-leaves.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { integerField, structField, structListField } from "../format/thrift-fields.ts";
import { explainedPagesMax } from "./limits.ts";
import { openRowGroupStruct } from "../workers/row-group-findings.ts";
import type { DecodeJob } from "../workers/worker-protocol.ts";
import { explainPage, type Explanation } from "./explain-page.ts";
import { wantedColumns } from "./wanted-columns.ts";

/**
 * Searches the requested columns for the cause of a failed decode job: pages that are corrupt or that parquet-wasm
 * cannot decode. parquet-wasm's own errors do not name the cause.
 *
 * @returns the cause and its column; undefined if no cause is found
 */
export function explainFailure(job: DecodeJob): Explanation | undefined {
  try {
    const wanted = wantedColumns(job);
    const fields = leafFields(job);
    const budget = { pages: explainedPagesMax };
    for (const rowGroupIndex of job.rowGroupIndices) {
      const { group, leaves, read } = openRowGroupStruct(job.file, rowGroupIndex);
      for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
        const leaf = leaves[i];
        if (leaf === undefined || wanted?.has(leaf.columnIndex) === false) continue;
        const found = explainChunk(
          read,
          { chunk, leaf, isText: isText(fields[i]), fileByteLength: job.file.byteLength },
          budget,
        );
        if (found) return { ...found, why: `column ${JSON.stringify(leaf.path.join("."))} ${found.why}` };
        if (budget.pages <= 0) return undefined;
      }
    }
    return undefined;
  } catch {
    // The file contradicts itself. The original error stays.
    return undefined;
  }
}

function leafFields({ schemaHeader }: DecodeJob): Field[] {
  const fields: Field[] = [];
  mapLeaves(decodeSchema(schemaHeader).fields, (field) => (fields.push(field), field));
  return fields;
}

function isText(field: Field | undefined): boolean {
  return field !== undefined && ["utf8", "large_utf8", "utf8_view"].includes(field.type.kind);
}

interface ExplainedChunk {
  readonly chunk: ThriftStruct;
  readonly leaf: SchemaLeaf;
  readonly isText: boolean;
  readonly fileByteLength: number;
}

/** @param budget - the number of pages that may still be examined */
function explainChunk(
  read: ReadRange,
  { chunk, leaf, isText, fileByteLength }: ExplainedChunk,
  budget: { pages: number },
): Explanation | undefined {
  const meta = structField(chunk, columnChunk.metaData);
  const codec = integerField(meta, columnMetaData.codec);
  const physicalType = physicalTypes[integerField(meta, columnMetaData.type)];
  const range = chunkRange(chunk);
  if (range.start < 0 || range.end > fileByteLength) {
    const why = `has pages at bytes ${range.start} to ${range.end}, and the file has ${fileByteLength}`;
    return { reason: "refused", why };
  }
  let hasDictionary = false;
  let valueCount = 0;
  let end = range.start;
  try {
    for (const page of readPageHeaders(read, range)) {
      const found = explainPage(read, page, { leaf, physicalType, codec, isText, hasDictionary });
      if (found) return found;
      hasDictionary ||= page.kind === pageKinds.dictionary;
      valueCount += pageValueCount(page);
      end = page.byteOffset + page.headerByteLength + page.contentByteLength;
      if (--budget.pages <= 0) return undefined;
    }
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
    return { reason: "refused", why: `has no page at byte ${end} of the file, where its metadata says that one is` };
  }
  const declared = integerField(meta, columnMetaData.valueCount);
  if (valueCount === declared) return undefined;
  return { reason: "refused", why: `has pages of ${valueCount} values, where its metadata says ${declared}` };
}
