import { bytesTextOf, type Field, type Scalar } from "../../arrow/index.ts";
import type { CallContext, DatasetFiles, DatasetStatistics } from "../../producer/index.ts";
import { formatScalar } from "../../rows/index.ts";
import { openFileOf } from "./preview-rows.ts";

/** Describes a dataset's row groups and columns. @throws FlightError as `openFileOf` */
export async function describeStatistics(files: DatasetFiles | undefined, context: CallContext, name: string) {
  const file = await openFileOf(files, context, name);
  try {
    const { createdBy, rowGroups, columns } = await file.readStatistics();
    const { fields } = file.readSchema();
    return {
      createdBy,
      rowGroups: rowGroups.map((group) => ({ rows: BigInt(group.rowCount), ...toSizes(group) })),
      columns: columns.map((column) => toColumn(column, fields)),
    };
  } finally {
    await file.close();
  }
}

type Column = DatasetStatistics["columns"][number];
type Sizes = Pick<Column, "uncompressedByteLength" | "compressedByteLength">;

function toColumn(column: Column, fields: readonly Field[]) {
  const { path, codecs, nullCount, min, max, isCut } = column;
  return {
    path: [...path],
    codecs: [...codecs],
    ...toSizes(column),
    ...(nullCount !== undefined && { nulls: BigInt(nullCount) }),
    ...(min !== undefined && { min: toText(min, path, fields) }),
    ...(max !== undefined && { max: toText(max, path, fields) }),
    boundsCut: isCut && min instanceof Uint8Array,
  };
}

function toSizes({ uncompressedByteLength, compressedByteLength }: Sizes) {
  return { uncompressedBytes: BigInt(uncompressedByteLength), compressedBytes: BigInt(compressedByteLength) };
}

/** Formats a bound like a value of a row. A truncated string may end inside a character, which is omitted. */
function toText(value: Scalar, path: readonly string[], fields: readonly Field[]): string {
  let field: Field | undefined;
  let among = fields;
  for (const name of path) {
    field = among.find((each) => each.name === name);
    among = field?.children ?? [];
  }
  const isText = field !== undefined && (field.type.kind.includes("utf8") || bytesTextOf(field) === "utf8");
  if (isText && value instanceof Uint8Array) {
    return new TextDecoder().decode(value).replace(/\ufffd+$/, "");
  }
  return formatScalar(field!)(value);
}
