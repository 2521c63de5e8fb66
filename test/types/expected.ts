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

/** pyarrow makes one dictionary of those of several batches, so that readers do not see what they see in our file. */
function ofOtherDictionaries(type: string, polars = "="): Outcome {
  return { itself: "other dictionaries", pyarrow: indices(type, 32), polars };
}

/** Dictionaries of these are kept; of all others the values are, as pyarrow's own reader has them. */
const dictionaryTypes: Readonly<Record<string, Outcome>> = {
  string: ofOtherDictionaries("string", polarsCategory),
  binary: ofOtherDictionaries("binary"),
  large_string: ofOtherDictionaries("string", polarsCategory),
  large_binary: ofOtherDictionaries("binary"),
  string_view: refusedByBoth("dictionary<values=string_view, indices=int32, ordered=0>"),
  binary_view: refusedByBoth("dictionary<values=binary_view, indices=int32, ordered=0>"),
};

/** What pyarrow makes of values that had a dictionary, where that is another type. */
const plainTypes: Readonly<Record<string, string>> = {
  "date64[ms]": "date32[day]",
  "time32[s]": "time32[ms]",
  "timestamp[s]": "timestamp[ms]",
  "timestamp[s, tz=Europe/Paris]": "timestamp[ms, tz=UTC]",
  "decimal32(7, 2)": "decimal128(7, 2)",
  "decimal64(15, 3)": "decimal128(15, 3)",
  ...Object.fromEntries(["s", "ms", "us", "ns"].map((unit) => [`duration[${unit}]`, "other values"])),
  ...Object.fromEntries(
    ["ms", "us", "ns"].map((unit) => [`timestamp[${unit}, tz=Europe/Paris]`, `timestamp[${unit}, tz=UTC]`]),
  ),
};

/** Types of those that pyarrow reads in our file as they are. */
const readTypes = new Set(Object.keys(plainTypes).filter((type) => /tz=|duration|decimal/.test(type)));

/** What becomes of a type in a place of arrow_types.py. */
export function expectedOfType(type: string, place: string): Outcome {
  if (place !== "dictionary") return types[type] ?? {};
  if (dictionaryTypes[type] || types[type]?.hangar === "refused") return dictionaryTypes[type] ?? types[type]!;
  const itself = plainTypes[type] ?? type;
  // pyarrow gives up what its file says of the type together with the dictionary; ours says it of the values.
  const pyarrow = readTypes.has(type) ? type.replace("[s,", "[ms,") : "=";
  return { ...types[type], itself, hangar: type, pyarrow };
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
  no_columns_but_rows: {
    itself: "other values",
    hangar: "refused",
    message: "Parquet cannot store rows without columns",
  },
  nul_in_name: { hangar: "refused", message: "there is a NUL in its name or time zone" },
  struct_without_fields: columnRefused("struct<>"),
  lists_of_no_items: columnRefused("fixed_size_list<item: int32>[0]"),
  lists_50_deep: refusedByBoth("nested deeper than 99 levels of Parquet"),
  structs_61_deep: { hangar: "refused", message: "nested deeper than 61 levels" },
};
