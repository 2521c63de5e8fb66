import { physicalTypes, type PhysicalType } from "../format/column-chunks.ts";
import { areDeltasTooWide } from "../format/delta-values.ts";
import { encodingName, encodings, isReadableEncoding } from "../format/encodings.ts";
import { columnChunk, columnMetaData, rowGroupField } from "../format/footer-fields.ts";
import { chunkRange } from "../format/footer.ts";
import { pageEncoding, readPageValues } from "../format/page-values.ts";
import { readPageHeaders, type ReadRange } from "../format/scan-pages.ts";
import type { SchemaLeaf } from "../format/schema-leaves.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { integerField, structField, structListField } from "../format/thrift-fields.ts";
import { explainedPagesMax } from "../limits.ts";
import { openRowGroupStruct } from "../workers/worker-files.ts";
import type { DecodeJob } from "../workers/worker-protocol.ts";
import { wantedColumns } from "./wanted-columns.ts";

/**
 * Looks for what a decode job may have failed at that is no fault of the file: pages of the columns that it was asked for
 * that parquet-wasm has no decoder for. It does not say so itself.
 *
 * @returns what it is and of which column; undefined where nothing is found
 */
export function explainFailure(job: DecodeJob): string | undefined {
  try {
    const wanted = wantedColumns(job);
    let restPages = explainedPagesMax;
    for (const rowGroupIndex of job.rowGroupIndices) {
      const { group, leaves, read } = openRowGroupStruct(job.file, rowGroupIndex);
      for (const [i, chunk] of structListField(group, rowGroupField.columns).entries()) {
        const leaf = leaves[i];
        if (leaf === undefined || wanted?.has(leaf.columnIndex) === false) continue;
        for (const page of readPageHeaders(read, chunkRange(chunk))) {
          const why = explainPage({ read, page, chunk, leaf });
          if (why !== undefined) return `column ${JSON.stringify(leaf.path.join("."))} ${why}`;
          if (--restPages === 0) return undefined;
        }
      }
    }
    return undefined;
  } catch {
    // The file is not what it says, and the failure stands as it is.
    return undefined;
  }
}

interface ExplainedPage {
  readonly read: ReadRange;
  readonly page: Parameters<typeof pageEncoding>[0];
  readonly chunk: ThriftStruct;
  readonly leaf: SchemaLeaf;
}

function explainPage({ read, page, chunk, leaf }: ExplainedPage): string | undefined {
  const encoding = pageEncoding(page);
  if (encoding === undefined) return undefined;
  const meta = structField(chunk, columnChunk.metaData);
  const physicalType: PhysicalType | undefined = physicalTypes[integerField(meta, columnMetaData.type)];
  if (physicalType && !isReadableEncoding(encoding, physicalType)) {
    return `is ${physicalType.toUpperCase()} in the encoding ${encodingName(encoding)}, which is not supported`;
  }
  if (encoding !== encodings.deltaBinaryPacked || physicalType !== "int32") return undefined;
  const values = readPageValues(read, page, { codec: integerField(meta, columnMetaData.codec), leaf });
  if (values === undefined || !areDeltasTooWide(values)) return undefined;
  return "is INT32 in DELTA_BINARY_PACKED with deltas of more than 32 bits, which are not supported";
}
