import { wasmMemory } from "parquet-wasm";
import { intervalByteWidth } from "../format/shown-leaves.ts";
import type { DataType, Field, TimeUnit } from "../../arrow/index.ts";

/*
 * The schema of batches in wasm memory, in the layout of the Arrow C data interface for 32 bits. Source: "The Arrow C
 * data interface", structure ArrowSchema, and its format strings.
 */
const member = { format: 0, name: 4, childCount: 24, children: 32, dictionary: 36 };
const pointerByteLength = 4;

/**
 * Asserts that exported batches have the expected columns: the same number, names and types, including nested fields.
 * parquet-wasm finds columns by name and could choose a wrong one.
 *
 * @param address - the address of the schema of the batches
 * @param fields - the expected columns, with the names that parquet-wasm sees
 * @throws Error if the columns differ
 */
export function assertExportedSchema(address: number, fields: readonly Field[]): void {
  new SchemaReader(wasmMemory().buffer).assertChildren(address >>> 0, fields, "");
}

class SchemaReader {
  readonly #memory: DataView;
  readonly #bytes: Buffer;

  constructor(memory: ArrayBufferLike) {
    this.#memory = new DataView(memory);
    this.#bytes = Buffer.from(memory);
  }

  assertChildren(address: number, fields: readonly Field[], path: string): void {
    const count = Number(this.#memory.getBigInt64(address + member.childCount, true));
    const what = path === "" ? "the batches" : `column ${JSON.stringify(path)} of the batches`;
    if (count !== fields.length) throw new Error(`${what} has ${count} fields; ${fields.length} were expected`);
    const children = this.#pointer(address + member.children);
    fields.forEach((field, i) => this.#assertField(this.#pointer(children + i * pointerByteLength), field, path));
  }

  #assertField(address: number, field: Field, parent: string): void {
    const name = this.#text(address + member.name);
    const path = parent === "" ? field.name : `${parent}.${field.name}`;
    if (name !== field.name) {
      throw new Error(`a column was decoded as ${JSON.stringify(name)} instead of ${JSON.stringify(path)}`);
    }
    const { dictionary } = field;
    this.#assertType(address, dictionary ? dictionary.indexType : field.type, path);
    if (!dictionary) return this.assertChildren(address, field.children, path);
    const values = this.#pointer(address + member.dictionary);
    if (values === 0) throw new Error(`column ${JSON.stringify(path)} was decoded without its dictionary`);
    this.#assertType(values, field.type, path);
    this.assertChildren(values, field.children, path);
  }

  #assertType(address: number, type: DataType, path: string): void {
    const format = withoutView(this.#text(address + member.format));
    const expected = withoutView(formatOf(type));
    if (format === expected) return;
    throw new Error(`column ${JSON.stringify(path)} was decoded as ${format} instead of ${expected}`);
  }

  #pointer(address: number): number {
    return this.#memory.getUint32(address, true);
  }

  /** Returns the NUL-terminated text at a pointer; empty for a null pointer. */
  #text(address: number): string {
    const start = this.#pointer(address);
    if (start === 0) return "";
    return this.#bytes.toString("utf8", start, this.#bytes.indexOf(0, start));
  }
}

/** Removes the view mark from a format: in some places, parquet-wasm exports views as plain types. */
function withoutView(format: string): string {
  return format.replace(/^(\+?)v/, "$1");
}

const intFormats = ["c", "s", "i", "l"];
const floatFormats = { 16: "e", 32: "f", 64: "g" } as const;
const intervalFormats = { year_month: "tiM", day_time: "tiD" } as const;
const unitFormats: Record<TimeUnit, string> = { s: "s", ms: "m", us: "u", ns: "n" };

const simpleFormats: Partial<Record<DataType["kind"], string>> = {
  null: "n",
  bool: "b",
  utf8: "u",
  large_utf8: "U",
  utf8_view: "vu",
  binary: "z",
  large_binary: "Z",
  binary_view: "vz",
  list: "+l",
  large_list: "+L",
  list_view: "+vl",
  large_list_view: "+vL",
  struct: "+s",
  map: "+m",
};

/**
 * Returns the interface's format string of a type. It is empty for unions and run-end encoded columns, which Parquet
 * does not have.
 */
function formatOf(type: DataType): string {
  switch (type.kind) {
    case "int": {
      const format = intFormats[Math.log2(type.bitWidth / 8)] ?? "";
      return type.signed ? format : format.toUpperCase();
    }
    case "float":
      return floatFormats[type.bitWidth];
    case "decimal":
      return `d:${type.precision},${type.scale}${type.bitWidth === 128 ? "" : `,${type.bitWidth}`}`;
    case "fixed_size_binary":
      return `w:${type.byteWidth}`;
    case "date":
      return type.unit === "day" ? "tdD" : "tdm";
    case "time":
      return `tt${unitFormats[type.unit]}`;
    case "timestamp":
      return `ts${unitFormats[type.unit]}:${type.timezone}`;
    case "duration":
      return `tD${unitFormats[type.unit]}`;
    case "interval":
      // In Parquet, this interval is stored as the bytes that `toIntervals` converts.
      return type.unit === "month_day_nano" ? `w:${intervalByteWidth}` : intervalFormats[type.unit];
    case "fixed_size_list":
      return `+w:${type.listSize}`;
    default:
      return simpleFormats[type.kind] ?? "";
  }
}
