import { Date as DateTable } from "apache-arrow/fb/date";
import { DateUnit } from "apache-arrow/fb/date-unit";
import { Decimal } from "apache-arrow/fb/decimal";
import { Duration } from "apache-arrow/fb/duration";
import type { Field as FieldTable } from "apache-arrow/fb/field";
import { FixedSizeBinary } from "apache-arrow/fb/fixed-size-binary";
import { FixedSizeList } from "apache-arrow/fb/fixed-size-list";
import { FloatingPoint } from "apache-arrow/fb/floating-point";
import { Int } from "apache-arrow/fb/int";
import { Interval } from "apache-arrow/fb/interval";
import { Map as MapTable } from "apache-arrow/fb/map";
import { Time } from "apache-arrow/fb/time";
import { Timestamp } from "apache-arrow/fb/timestamp";
import { Type } from "apache-arrow/fb/type";
import { Union } from "apache-arrow/fb/union";
import { UnionMode } from "apache-arrow/fb/union-mode";
import { FlightError } from "../flight/index.ts";
import type { SchemaBudget } from "./schema-budget.ts";

/** The unit of times, timestamps and durations. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** An integer type. */
export interface IntType {
  /** Identifies the type in a `DataType`. */
  readonly kind: "int";
  /** 8, 16, 32 or 64. */
  readonly bitWidth: number;
  /** Whether the type is signed. */
  readonly signed: boolean;
}

/** An Arrow type. The children of a nested type are in its field. Source: Schema.fbs, `union Type`. */
export type DataType =
  | { readonly kind: SimpleKind }
  | IntType
  | { readonly kind: "float"; readonly bitWidth: 16 | 32 | 64 }
  | { readonly kind: "decimal"; readonly bitWidth: number; readonly precision: number; readonly scale: number }
  | { readonly kind: "fixed_size_binary"; readonly byteWidth: number }
  | { readonly kind: "date"; readonly unit: "day" | "ms" }
  | { readonly kind: "time"; readonly unit: TimeUnit; readonly bitWidth: number }
  | { readonly kind: "timestamp"; readonly unit: TimeUnit; readonly timezone: string }
  | { readonly kind: "duration"; readonly unit: TimeUnit }
  | { readonly kind: "interval"; readonly unit: "year_month" | "day_time" | "month_day_nano" }
  | { readonly kind: "fixed_size_list"; readonly listSize: number }
  | { readonly kind: "map"; readonly keysSorted: boolean }
  | { readonly kind: "union"; readonly mode: "sparse" | "dense"; readonly typeIds: readonly number[] };

/** The types without parameters. */
export type SimpleKind =
  | "null"
  | "bool"
  | "utf8"
  | "large_utf8"
  | "utf8_view"
  | "binary"
  | "large_binary"
  | "binary_view"
  | "list"
  | "large_list"
  | "list_view"
  | "large_list_view"
  | "struct"
  | "run_end_encoded";

const simpleKinds = {
  [Type.Null]: "null",
  [Type.Bool]: "bool",
  [Type.Utf8]: "utf8",
  [Type.LargeUtf8]: "large_utf8",
  [Type.Utf8View]: "utf8_view",
  [Type.Binary]: "binary",
  [Type.LargeBinary]: "large_binary",
  [Type.BinaryView]: "binary_view",
  [Type.List]: "list",
  [Type.LargeList]: "large_list",
  [Type.ListView]: "list_view",
  [Type.LargeListView]: "large_list_view",
  [Type.Struct_]: "struct",
  [Type.RunEndEncoded]: "run_end_encoded",
} as const satisfies Readonly<Record<number, SimpleKind>>;

/** By their index in the format. */
export const timeUnits = ["s", "ms", "us", "ns"] as const;
/** By their index in the format. */
export const intervalUnits = ["year_month", "day_time", "month_day_nano"] as const;
/** By the index of their precision in the format. */
export const floatWidths = [16, 32, 64] as const;

/** Reads the type of an integer column or of a dictionary's indices. */
export function decodeInt(table: Int): IntType {
  return { kind: "int", bitWidth: table.bitWidth(), signed: table.isSigned() };
}

/**
 * Decodes the type of a field from its flatbuffer.
 *
 * @param path - the field's path, separated by dots, for errors
 * @param budget - counts the text of the type
 * @throws FlightError INVALID_ARGUMENT if the format does not have the type
 */
export function decodeDataType(field: FieldTable, path: string, budget: SchemaBudget): DataType {
  const type = field.typeType();
  if (type in simpleKinds) return { kind: simpleKinds[type as keyof typeof simpleKinds] };
  const decoded = decodeParameterized(type, field, budget);
  if (decoded === undefined) throw new FlightError("invalid_argument", `column ${path} has no Arrow type (${type})`);
  return decoded;
}

function decodeParameterized(type: Type, field: FieldTable, budget: SchemaBudget): DataType | undefined {
  switch (type) {
    case Type.Int:
      return decodeInt(read(field, new Int()));
    case Type.FloatingPoint:
      return { kind: "float", bitWidth: known(floatWidths, read(field, new FloatingPoint()).precision()) };
    case Type.Decimal: {
      const table = read(field, new Decimal());
      return { kind: "decimal", bitWidth: table.bitWidth(), precision: table.precision(), scale: table.scale() };
    }
    case Type.FixedSizeBinary:
      return { kind: "fixed_size_binary", byteWidth: read(field, new FixedSizeBinary()).byteWidth() };
    case Type.Date:
      return { kind: "date", unit: read(field, new DateTable()).unit() === DateUnit.DAY ? "day" : "ms" };
    case Type.Time: {
      const table = read(field, new Time());
      return { kind: "time", unit: known(timeUnits, table.unit()), bitWidth: table.bitWidth() };
    }
    case Type.Timestamp: {
      const table = read(field, new Timestamp());
      const timezone = budget.text((encoding) => table.timezone(encoding));
      return { kind: "timestamp", unit: known(timeUnits, table.unit()), timezone };
    }
    case Type.Duration:
      return { kind: "duration", unit: known(timeUnits, read(field, new Duration()).unit()) };
    case Type.Interval:
      return { kind: "interval", unit: known(intervalUnits, read(field, new Interval()).unit()) };
    case Type.FixedSizeList:
      return { kind: "fixed_size_list", listSize: read(field, new FixedSizeList()).listSize() };
    case Type.Map:
      return { kind: "map", keysSorted: read(field, new MapTable()).keysSorted() };
    case Type.Union: {
      const table = read(field, new Union());
      const childCount = field.childrenLength();
      if (childCount > unionChildCountMax) {
        throw new FlightError(
          "invalid_argument",
          `a union has ${childCount} children; the maximum is ${unionChildCountMax}`,
        );
      }
      // One by one: as a whole they are a view, which a header at an odd offset in its message cannot give.
      const hasIds = table.typeIdsLength() > 0;
      const typeIds = Array.from({ length: childCount }, (_, i) => (hasIds ? (table.typeIds(i) ?? i) : i));
      return { kind: "union", mode: table.mode() === UnionMode.Dense ? "dense" : "sparse", typeIds };
    }
    default:
      return undefined;
  }
}

/** Type ids of a union are of eight bits, and not negative. Source: the format's Schema.fbs. */
const unionChildCountMax = 128;

function read<T>(field: FieldTable, table: T): T {
  const found = field.type(table) as T | null;
  if (found === null)
    throw new FlightError("invalid_argument", `column ${field.name() ?? ""} has a type without parameters`);
  return found;
}

function known<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined)
    throw new FlightError("invalid_argument", `the schema has an unknown unit or width (${index})`);
  return value;
}
