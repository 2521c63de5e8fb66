import type { DataType, SimpleKind } from "./data-type.ts";
import type { Field } from "./schema.ts";

/** The names of pyarrow for types whose names differ from Arrow's kinds. */
const pyarrowNames: Partial<Record<SimpleKind, string>> = {
  utf8: "string",
  large_utf8: "large_string",
  utf8_view: "string_view",
};

const floatNames = { 16: "halffloat", 32: "float", 64: "double" } as const;

/** Returns the name of a field's type; undefined for the name that pyarrow has. */
export type NameType = (field: Field) => string | undefined;

/**
 * Formats the type of a field as pyarrow does, such as `timestamp[us, tz=UTC]` or `list<item: int64>`.
 *
 * @param nameType - gives other names to the types of some fields, also within nested types
 */
export function formatType(field: Field, nameType: NameType = () => undefined): string {
  const values = nameType(field) ?? formatValueType(field, nameType);
  if (field.dictionary === undefined) return values;
  const { indexType, ordered } = field.dictionary;
  return `dictionary<values=${values}, indices=${formatPlain(indexType)}, ordered=${ordered ? 1 : 0}>`;
}

function formatValueType(field: Field, nameType: NameType): string {
  const { type } = field;
  const children = field.children.map((child) => formatChild(child, nameType)).join(", ");
  switch (type.kind) {
    case "list":
    case "large_list":
    case "list_view":
    case "large_list_view":
    case "struct":
    case "run_end_encoded":
      return `${type.kind}<${children}>`;
    case "fixed_size_list":
      return `fixed_size_list<${children}>[${type.listSize}]`;
    case "map":
      return formatMap(field, nameType);
    case "union": {
      const members = field.children.map((child, i) => `${formatChild(child, nameType)}=${type.typeIds[i]}`);
      return `${type.mode}_union<${members.join(", ")}>`;
    }
    default:
      return formatPlain(type);
  }
}

function formatChild(child: Field, nameType: NameType): string {
  return `${child.name}: ${formatType(child, nameType)}${child.nullable ? "" : " not null"}`;
}

function formatMap(field: Field, nameType: NameType): string {
  const [key, value] = field.children[0]?.children ?? [];
  if (key === undefined || value === undefined) return "map<>";
  const sorted = field.type.kind === "map" && field.type.keysSorted ? ", keys_sorted" : "";
  return `map<${formatType(key, nameType)}, ${formatType(value, nameType)}${sorted}>`;
}

function formatPlain(type: DataType): string {
  switch (type.kind) {
    case "int":
      return `${type.signed ? "int" : "uint"}${type.bitWidth}`;
    case "float":
      return floatNames[type.bitWidth];
    case "decimal":
      return `decimal${type.bitWidth}(${type.precision}, ${type.scale})`;
    case "fixed_size_binary":
      return `fixed_size_binary[${type.byteWidth}]`;
    case "date":
      return type.unit === "day" ? "date32[day]" : "date64[ms]";
    case "time":
      return `time${type.bitWidth}[${type.unit}]`;
    case "timestamp":
      return type.timezone === "" ? `timestamp[${type.unit}]` : `timestamp[${type.unit}, tz=${type.timezone}]`;
    case "duration":
      return `duration[${type.unit}]`;
    case "interval":
      return `${type.unit}_interval`;
    default:
      return pyarrowNames[type.kind as SimpleKind] ?? type.kind;
  }
}
