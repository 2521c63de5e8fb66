/*
 * What must become of every type and case. `=` is: as it was put, or, for another reader of the file, as that reader
 * takes pyarrow's own file of the same table.
 */

/** What becomes of a table on several ways; what is left out is `=`. */
export interface Outcome {
  /** What pyarrow's write_table and read_table give back. */
  readonly itself?: string;
  /** What put and get give back, or `refused`. */
  readonly hangar?: string;
  /** What the message says where the put is refused. */
  readonly message?: string;
  readonly pyarrow?: string;
  readonly duckdb?: string;
  readonly polars?: string;
}

const refusedByBoth = (message: string): Outcome => ({ itself: "refused", hangar: "refused", message });
const storedAs = (type: string, more: Outcome = {}): Outcome => ({ itself: type, hangar: type, ...more });
const unknownToPolars: Outcome = { polars: "unreadable, as pyarrow's" };
const indices = (type: string, bits: number): string => `dictionary<values=${type}, indices=int${bits}, ordered=0>`;
/** Where pyarrow writes no file to compare with. */
const ofNoFile = (pyarrow: string, duckdb: string, polars: string): Outcome => ({
  itself: "refused",
  pyarrow,
  duckdb,
  polars,
});
const polarsCategory = "dictionary<values=large_string, indices=uint32, ordered=0>";

/** Types that are not kept as they are, wherever they stand; in a dictionary see below. */
const types: Readonly<Record<string, Outcome>> = {
  "date64[ms]": { itself: "date32[day]" },
  "time32[s]": { itself: "time32[ms]" },
  "timestamp[s]": { itself: "timestamp[ms]" },
  "timestamp[s, tz=Europe/Paris]": { itself: "timestamp[ms, tz=Europe/Paris]" },
  "fixed_size_binary[0]": refusedByBoth("fixed_size_binary[0]"),
  month_day_nano_interval: refusedByBoth("month_day_nano_interval"),
  "decimal128(5, -2)": refusedByBoth("decimal128(5, -2)"),
  "decimal256(76, 5)": unknownToPolars,
};

/** Dictionaries of these are kept, but pyarrow's own reader gives up all dictionaries besides those of text and bytes. */
const dictionaryTypes: Readonly<Record<string, Outcome>> = {
  string: {},
  binary: {},
  large_string: { itself: indices("string", 32) },
  large_binary: { itself: indices("binary", 32) },
  "date64[ms]": { itself: "date32[day]" },
  "time32[s]": { itself: "time32[ms]" },
  "timestamp[s]": { itself: "timestamp[ms]" },
  "timestamp[s, tz=Europe/Paris]": {
    itself: "timestamp[ms, tz=UTC]",
  },
  "decimal32(7, 2)": { itself: "decimal128(7, 2)" },
  "decimal64(15, 3)": { itself: "decimal128(15, 3)" },
  ...Object.fromEntries(["s", "ms", "us", "ns"].map((unit) => [`duration[${unit}]`, { itself: "other values" }])),
  ...Object.fromEntries(
    ["ms", "us", "ns"].map((unit) => [`timestamp[${unit}, tz=Europe/Paris]`, { itself: `timestamp[${unit}, tz=UTC]` }]),
  ),
  ...Object.fromEntries(
    ["null", "bool", "halffloat", "fixed_size_binary[3]", "decimal128(38, 10)"].map((type) => [type, storedAs(type)]),
  ),
  "decimal256(76, 5)": storedAs("decimal256(76, 5)", unknownToPolars),
  string_view: refusedByBoth("dictionary<values=string_view, indices=int32, ordered=0>"),
  binary_view: refusedByBoth("dictionary<values=binary_view, indices=int32, ordered=0>"),
};

/** What becomes of a type in a place of arrow_types.py. */
export function expectedOfType(type: string, place: string): Outcome {
  if (place === "dictionary") return dictionaryTypes[type] ?? types[type] ?? { itself: type };
  return types[type] ?? {};
}

const columnRefused = (type: string): Outcome =>
  refusedByBoth(`column c cannot be stored as Parquet: its type is ${type}`);

/** What becomes of the cases of cases.py; those that are not here are `=` on every way. */
export const expectedOfCases: Readonly<Record<string, Outcome>> = {
  decimal256: unknownToPolars,
  decimal_negative_scale: columnRefused("decimal128(5, -2)"),
  datetime_in_seconds: { itself: "date32[day], time32[ms], timestamp[ms]" },
  interval_mdn: refusedByBoth("its type is month_day_nano_interval"),
  union_sparse: columnRefused("sparse_union<0: int64=0, 1: string=1>"),
  union_dense: columnRefused("dense_union<0: int64=0, 1: string=1>"),
  metadata_not_utf8: { hangar: "refused", message: 'the value of "key" in the metadata of the schema is not UTF-8' },
  duplicate_fieldnames: unknownToPolars,
  duplicate_columns: {
    itself: "refused",
    pyarrow: "int64, string, double",
    duckdb: "int64, string, double, other values",
    polars: "unreadable, as pyarrow's",
  },
  dictionary_with_null: ofNoFile(indices("string", 8), "string", polarsCategory),
  dictionary_of_list: columnRefused("dictionary<values=list<item: int64>"),
  dictionary_of_struct: columnRefused("dictionary<values=struct<x: int64>"),
  nested_dictionary: columnRefused("dictionary<values=struct<x: dictionary<values=string"),
  dictionary_int8_replaced: ofNoFile(indices("string", 8), "string", polarsCategory),
  dictionary_int8_full: {
    ...ofNoFile(indices("string", 16), "string", polarsCategory),
    hangar: indices("string", 16),
  },
  dictionary_uint8_full: {
    ...ofNoFile("dictionary<values=string, indices=uint16, ordered=0>", "string", polarsCategory),
    hangar: "dictionary<values=string, indices=uint16, ordered=0>",
  },
  run_end_encoded: columnRefused("run_end_encoded<run_ends: int32 not null, values: string>"),
  list_view: unknownToPolars,
  large_list_view: unknownToPolars,
  views_in_views: unknownToPolars,
  // pyarrow marks the column as Parquet's own UUID, and parquet-wasm does not.
  extension_uuid: { duckdb: "binary, other values" },
  no_columns: { duckdb: "unreadable, as pyarrow's" },
  no_columns_but_rows: { itself: "other values", hangar: "refused", message: "Parquet keeps no rows without columns" },
  nul_in_name: { hangar: "refused", message: "there is a NUL in its name or time zone" },
  struct_without_fields: columnRefused("struct<>"),
  lists_of_no_items: columnRefused("fixed_size_list<item: int32>[0]"),
  lists_50_deep: refusedByBoth("nested deeper than 99 levels of Parquet"),
  structs_61_deep: { hangar: "refused", message: "nested deeper than 61 levels" },
};
