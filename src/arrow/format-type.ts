import type { DataType, SimpleKind } from "./data-type.ts";
import type { Field } from "./schema.ts";

/** The names of pyarrow for types whose names differ from Arrow's kinds. */
const pyarrowNames: Partial<Record<SimpleKind, string>> = {
  utf8: "string",
  large_utf8: "large_string",
  utf8_view: "string_view",
};

const floatNames = { 16: "halffloat", 32: "float", 64: "double" } as const;

/** Formats the type of a field as pyarrow does, such as `timestamp[us, tz=UTC]` or `list<item: int64>`. */
export function formatType(field: Field): string {
  const values = formatValueType(field);
  if (field.dictionary === undefined) return values;
  const { indexType, ordered } = field.dictionary;
  return `dictionary<values=${values}, indices=${formatPlain(indexType)}, ordered=${ordered ? 1 : 0}>`;
}

function formatValueType(field: Field): string {
  const { type } = field;
  const children = field.children.map(formatChild).join(", ");
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
      return formatMap(field);
    case "union": {
      const members = field.children.map((child, i) => `${formatChild(child)}=${type.typeIds[i]}`);
      return `${type.mode}_union<${members.join(", ")}>`;
    }
    default:
      return formatPlain(type);
  }
}

function formatChild(child: Field): string {
  return `${child.name}: ${formatType(child)}${child.nullable ? "" : " not null"}`;
}

function formatMap(field: Field): string {
  const [key, value] = field.children[0]?.children ?? [];
  if (key === undefined || value === undefined) return "map<>";
  const sorted = field.type.kind === "map" && field.type.keysSorted ? ", keys_sorted" : "";
  return `map<${formatType(key)}, ${formatType(value)}${sorted}>`;
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
