import type { Field, Scalar } from "../../arrow/index.ts";
import { FilterError, toConstant, type Literal } from "../../filter/index.ts";

/*
 * Hive partitions: folders such as `year=2026/city=Lima/` whose names hold values of columns. Keys, types and nulls are
 * those of DuckDB's read_parquet with hive_partitioning=true.
 */

/** The keys of the partition folders of a file, with their values as they are written. Sorted by key. */
export type Partitions = ReadonlyMap<string, string>;

/** The value of nulls, which no writer uses otherwise. */
const nullValue = "__HIVE_DEFAULT_PARTITION__";

/** Reads the partitions in the folders of a dataset's name. */
export function readPartitions(name: string): Partitions {
  const entries = new Map<string, string>();
  for (const folder of name.split("/").slice(0, -1)) {
    const [, key, value] = /^([^=?]+)=([^=?]*)$/.exec(folder) ?? [];
    if (key !== undefined && value !== undefined && !entries.has(key)) entries.set(key, value);
  }
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const types = {
  date: { kind: "date", unit: "day" },
  timestamp: { kind: "timestamp", unit: "us", timezone: "" },
  int: { kind: "int", bitWidth: 64, signed: true },
  utf8: { kind: "utf8" },
} as const satisfies Readonly<Record<string, Field["type"]>>;

type PartitionKind = keyof typeof types;

/**
 * Finds the types of partition columns: dates, timestamps, 64-bit integers, or strings if not all values are of one of
 * these.
 */
export class PartitionTypes {
  readonly #kinds = new Map<string, PartitionKind | undefined>();

  /** Takes the values of a file's partitions into account. */
  add(partitions: Partitions): void {
    for (const [key, text] of partitions) {
      const known = this.#kinds.get(key);
      const kind = isNullWord(text) ? known : kindOf(text);
      this.#kinds.set(key, known === undefined || known === kind ? kind : "utf8");
    }
  }

  /** Returns the columns, in the order of their names. */
  fields(): Field[] {
    return [...this.#kinds].map(([name, kind = "utf8"]) => ({
      name,
      nullable: true,
      type: types[kind],
      children: [],
      metadata: new Map(),
    }));
  }
}

/** The value of a partition column in all rows of a file. */
export interface PartitionValue {
  /** Undefined for null. */
  readonly value: Scalar | undefined;
  /** The value as it is written in a filter. */
  readonly literal: Literal;
}

/** Converts the text of a partition to the type of its column. */
export function toPartitionValue(field: Field, text: string): PartitionValue {
  const { kind } = field.type;
  const isNull = text === nullValue || (kind !== "utf8" && isNullWord(text));
  const decoded = decode(text);
  const literal = toLiteral(kind as PartitionKind, decoded);
  return { value: isNull ? undefined : toConstant(field, literal).value, literal };
}

function isNullWord(text: string): boolean {
  return text === nullValue || text.toUpperCase() === "NULL";
}

function kindOf(text: string): PartitionKind {
  // Leading zeros mean that the text is not just a number.
  if (/^(?:0|[1-9]\d*|-\d+)$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) return "int";
  return (["date", "timestamp"] as const).find((kind) => isOf(kind, text)) ?? "utf8";
}

function isOf(kind: "date" | "timestamp", text: string): boolean {
  try {
    toConstant(
      { name: "", nullable: true, type: types[kind], children: [], metadata: new Map() },
      toLiteral(kind, text),
    );
    return true;
  } catch (reason) {
    if (reason instanceof FilterError) return false;
    throw reason;
  }
}

function toLiteral(kind: PartitionKind, text: string): Literal {
  return {
    kind: kind === "int" ? "number" : "string",
    text: normalize(kind, text),
    place: { words: "in a folder's name" },
  };
}

/** Returns the text as a filter has it. */
function normalize(kind: PartitionKind, text: string): string {
  // DuckDB reads `2026-1-2` as a date.
  if (kind === "date") return text.replace(/-(?=\d(?:-|$))/g, "-0");
  // `Z` is the zone of a timestamp without one.
  return kind === "timestamp" ? text.replace(/Z$/, "") : text;
}

/** Decodes percent escapes. Those that are not UTF-8 are left as they are. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
