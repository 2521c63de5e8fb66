import { assertUtf8, decodeSchema, formatType, type Field, type Schema } from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";
import { storedDepthMax, storedNodeDepthMax } from "./limits.ts";
import { isStoredPlain } from "../format/stored-schema.ts";

/** The types of dictionary values that parquet-wasm can encode, besides the types that are stored as plain values. */
const dictionaryValueKinds = new Set(["utf8", "large_utf8", "binary", "large_binary"]);

/**
 * The largest schema that is kept for the next put, in bytes: some 400 columns. Decoded, it takes ten times as much. A
 * wide put takes so long that its schema does not matter.
 */
const keptHeaderBytesMax = 64 * 1024;

/** The last schema: small puts of one table come one after another. */
let kept: StorableSchema | undefined;

/** A schema that was checked: it can be stored as Parquet. */
export interface StorableSchema {
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly header: Uint8Array;
  readonly schema: Schema;
}

/**
 * Decodes a schema and checks that it can be stored as Parquet, so that a put can fail before anything is written.
 *
 * @param header - the flatbuffer `Message` of the schema
 * @throws FlightError INVALID_ARGUMENT if it is not a schema; otherwise it names the column, with dots if it is nested,
 * and its type or the problem
 */
export function decodeStorableSchema(header: Uint8Array): StorableSchema {
  if (kept !== undefined && Buffer.compare(kept.header, header) === 0) return kept;
  const schema = decodeSchema(header);
  assertUtf8(header);
  for (const field of schema.fields) assertFieldStorable(field, { path: field.name, depth: 1, nodeDepth: 1 });
  // The header may be a view of a message.
  const storable = { header: header.slice(), schema };
  if (header.byteLength <= keptHeaderBytesMax) kept = storable;
  return storable;
}

/** The position of a field: its path, and its depth in fields and in nodes of Parquet's schema. */
interface Place {
  readonly path: string;
  readonly depth: number;
  readonly nodeDepth: number;
}

function assertFieldStorable(field: Field, { path, depth, nodeDepth }: Place): void {
  const problem =
    depthProblem({ depth, nodeDepth }) ??
    nameProblem(field) ??
    (isStorable(field) ? undefined : `its type is ${formatType(field)}`);
  if (problem !== undefined) {
    throw new FlightError("invalid_argument", `column ${path} cannot be stored as Parquet: ${problem}`);
  }
  if (field.dictionary) return;
  // Parquet has an extra node between a list and its items.
  const nodes = listKinds.has(field.type.kind) ? 2 : 1;
  for (const child of field.children) {
    assertFieldStorable(child, { path: `${path}.${child.name}`, depth: depth + 1, nodeDepth: nodeDepth + nodes });
  }
}

const listKinds = new Set(["list", "large_list", "fixed_size_list", "list_view", "large_list_view"]);

function depthProblem({ depth, nodeDepth }: Omit<Place, "path">): string | undefined {
  if (depth > storedDepthMax) return `it is nested deeper than ${storedDepthMax} levels`;
  return nodeDepth > storedNodeDepthMax
    ? `it is nested deeper than ${storedNodeDepthMax} levels of Parquet`
    : undefined;
}

/**
 * Returns the problem of a name with a NUL. It could be written but not read, because the readers' strings end at a
 * NUL.
 */
function nameProblem({ name, type }: Field): string | undefined {
  const texts = type.kind === "timestamp" ? [name, type.timezone] : [name];
  return texts.some((text) => text.includes("\0")) ? "there is a NUL in its name or time zone" : undefined;
}

/** The maximum precision of decimals by their width in bits. Source: the Arrow columnar format. */
const decimalDigits: Readonly<Record<number, number>> = { 32: 9, 64: 18, 128: 38, 256: 76 };

/** Returns whether a field's own type can be stored. The children are checked separately. */
function isStorable({ type, children, dictionary }: Field): boolean {
  if (dictionary && !dictionaryValueKinds.has(type.kind) && !isStoredPlain(type)) return false;
  switch (type.kind) {
    case "union":
    case "run_end_encoded":
      return false;
    case "interval":
      return type.unit !== "month_day_nano";
    case "fixed_size_binary":
      return type.byteWidth > 0;
    case "decimal":
      return type.scale >= 0 && type.scale <= type.precision && type.precision <= (decimalDigits[type.bitWidth] ?? 0);
    case "fixed_size_list":
      return type.listSize > 0;
    case "struct":
      return children.length > 0;
    default:
      return true;
  }
}
