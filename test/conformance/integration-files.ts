/*
 * Tables in the JSON format of Arrow's integration tests, which says what lies in which buffer; the client makes
 * record batches out of them. Beside each are its rows, as they must come back.
 */

/** A value of a column, as apache-arrow reads it. */
type Value = null | boolean | number | bigint | string | readonly Value[] | { readonly [name: string]: Value };

/** A column: its field in the schema, and its buffers for the values of one record batch. */
interface Column {
  readonly field: { readonly name: string; readonly [key: string]: unknown };
  encode(values: readonly Value[]): object;
}

/** A table as a file, and as rows. */
export interface IntegrationFile {
  /** The file's content. */
  readonly json: string;
  /** The rows of each record batch. */
  readonly batches: readonly (readonly Record<string, Value>[])[];
}

const validity = (values: readonly Value[]): number[] => values.map((value) => Number(value !== null));

/** Where each item begins, and the last one ends. */
function offsets(lengths: readonly number[]): number[] {
  return lengths.reduce<number[]>((ends, length) => [...ends, (ends.at(-1) ?? 0) + length], [0]);
}

/** A column of fixed width; `whenNull` is what lies in the buffer in place of a null. */
function fixed(name: string, type: object, whenNull: Value): Column {
  return {
    field: { name, type, nullable: true, children: [] },
    encode: (values) => ({
      name,
      count: values.length,
      VALIDITY: validity(values),
      // Numbers that a double cannot hold are written as text.
      DATA: values.map((value) => (typeof value === "bigint" ? String(value) : (value ?? whenNull))),
    }),
  };
}

const int32 = (name: string): Column => fixed(name, { name: "int", bitWidth: 32, isSigned: true }, 0);

function utf8(name: string): Column {
  return {
    field: { name, type: { name: "utf8" }, nullable: true, children: [] },
    encode: (values) => ({
      name,
      count: values.length,
      VALIDITY: validity(values),
      OFFSET: offsets(values.map((value) => Buffer.byteLength((value as string | null) ?? ""))),
      DATA: values.map((value) => value ?? ""),
    }),
  };
}

function list(name: string, item: Column): Column {
  return {
    field: { name, type: { name: "list" }, nullable: true, children: [item.field] },
    encode: (values) => ({
      name,
      count: values.length,
      VALIDITY: validity(values),
      OFFSET: offsets(values.map((value) => (value as readonly Value[] | null)?.length ?? 0)),
      children: [item.encode(values.flatMap((value) => (value as readonly Value[] | null) ?? []))],
    }),
  };
}

function struct(name: string, children: readonly Column[]): Column {
  return {
    field: { name, type: { name: "struct" }, nullable: true, children: children.map(({ field }) => field) },
    encode: (values) => ({
      name,
      count: values.length,
      VALIDITY: validity(values),
      children: children.map((child) =>
        child.encode(values.map((value) => (value as Record<string, Value> | null)?.[child.field.name] ?? null)),
      ),
    }),
  };
}

/** Text in a dictionary, whose indices are the column's buffer. */
function dictionary(name: string, id: number, words: readonly string[]): Column {
  const indexType = { name: "int", bitWidth: 8, isSigned: true };
  return {
    field: { ...utf8(name).field, dictionary: { id, indexType, isOrdered: false } },
    encode: (values) => ({
      name,
      count: values.length,
      VALIDITY: validity(values),
      DATA: values.map((value) => (value === null ? 0 : words.indexOf(value as string))),
    }),
  };
}

function file(
  columns: readonly Column[],
  batches: IntegrationFile["batches"],
  dictionaries: readonly object[] = [],
): IntegrationFile {
  const schema = { fields: columns.map(({ field }) => field) };
  const encoded = batches.map((rows) => ({
    count: rows.length,
    columns: columns.map((column) => column.encode(rows.map((row) => row[column.field.name] ?? null))),
  }));
  return { json: JSON.stringify({ schema, batches: encoded, dictionaries }), batches };
}

const colours = ["rouge", "vert", "bleu"];

/** Files by their names. */
export const integrationFiles: ReadonlyMap<string, IntegrationFile> = new Map([
  [
    "primitive.json",
    file(
      [
        int32("count"),
        fixed("total", { name: "int", bitWidth: 64, isSigned: true }, "0"),
        fixed("ratio", { name: "floatingpoint", precision: "DOUBLE" }, 0),
        fixed("is_open", { name: "bool" }, false),
        utf8("label"),
      ],
      [
        [
          { count: 1, total: 9_007_199_254_740_993n, ratio: 0.5, is_open: true, label: "één" },
          { count: null, total: null, ratio: null, is_open: null, label: null },
        ],
        [],
        [{ count: -2_147_483_648, total: -1n, ratio: -1e300, is_open: false, label: "" }],
      ],
    ),
  ],
  [
    "nested.json",
    file(
      [list("numbers", int32("item")), struct("place", [utf8("town"), list("codes", utf8("item"))])],
      [
        [
          { numbers: [1, null, 3], place: { town: "Gent", codes: ["9000", null] } },
          { numbers: [], place: { town: null, codes: null } },
        ],
        [{ numbers: null, place: null }],
      ],
    ),
  ],
  [
    "dictionary.json",
    file(
      [dictionary("colour", 0, colours), int32("count")],
      [
        [
          { colour: "bleu", count: 1 },
          { colour: null, count: 2 },
        ],
        [{ colour: "rouge", count: 3 }],
      ],
      [{ id: 0, data: { count: colours.length, columns: [utf8("DICT0").encode(colours)] } }],
    ),
  ],
]);
