import { renderTable } from "../../scripts/markdown-table.ts";
import type { Outcome } from "./expected.ts";

/** What became of a type in a place. */
export interface TypeRow extends Outcome {
  readonly type: string;
  readonly place: string;
}

/** What became of a case. */
export interface CaseRow extends Outcome {
  readonly case: string;
}

const introduction = `# Types, and how they are stored

\`test/types\` generates this page, and compares each row with the expected result (\`test/types/expected.ts\`). To generate
the page again, run \`HANGAR_WRITE_DOCS=1 npm test -- test/types\`.

For each type, pyarrow puts a table and gets it back. The table has several batches, with nulls and empty batches.
FlightInfo, GetSchema and DoGet must return the same schema. In the tables below, \`=\` means:

- _pyarrow itself_: \`write_table\` stores the table, and \`read_table\` returns equal values of the same type.
- _Hangar_: a get returns equal values, the same schema with its metadata, and dictionaries with the same values in the
  same order.
- _file in …_: this reader returns the same values and types for Hangar's file as for the file that pyarrow writes.

Any other cell names the returned type. The values are equal, unless the cell says otherwise. \`refused\` means that the
put ends with INVALID_ARGUMENT. The error names the column and its type, and nothing is stored.

## Notes

- **Seconds and date64.** Parquet has no unit of seconds, and no dates in milliseconds. Hangar stores timestamps and
  times in seconds as milliseconds, and date64 as date32, as pyarrow does. Other readers see these types. The Arrow
  schema in the file keeps the original type, so a get returns it, also from files of other tools. If a value does not
  fit the stored type, the put is refused, and the error names the column and the row.
- **Invalid values.** Three kinds of values are refused, with their column and row: a decimal with more digits than its
  type has, a time below zero or of 24 hours or more, and a date64 that is not a whole day. pyarrow's writer stores
  other values instead.
- **Dictionaries.** A dictionary of strings or bytes stays a dictionary. As in pyarrow's files, the file keeps all its
  values in their order, also unused values, and whether the dictionary is ordered. So pandas compares ordered
  categories correctly. A duplicate value in a dictionary is stored once. Rows that refer to a null in the dictionary
  become nulls. Dictionaries of all other types are stored as plain values, as in pyarrow, because Parquet readers make
  dictionaries only of strings and bytes. The dictionary of a table without rows is not stored, as in pyarrow.
- **Dictionary indices.** Readers may need a wider index type for the number of values. The index type is then widened:
  int8 with 128 values becomes int16. Replaced and delta dictionaries keep their values. When a dictionary is replaced
  by one with other values, a new row group begins. With a new dictionary every thousand rows, a file is a quarter
  larger.
- **Views.** string_view, binary_view, list_view and large_list_view come back as views, at any level, also from files
  of other tools. Parquet has only strings, bytes and lists. The Arrow schema in the file marks the views. apache-arrow
  in JavaScript cannot decode list views. Use \`columns\` to get the other columns.
- **Intervals and INT96 of other writers.** A Parquet interval (months, days, milliseconds) becomes
  month_day_nano_interval, with signed months and days. An INT96 timestamp has nanoseconds, or microseconds if a value
  lies outside 1677 to 2262. To choose the unit, the server decodes the column once, when it first opens the file.
- **Not stored:** unions, run-end encoding, MonthDayNano intervals, dictionaries of nested types or of views, structs
  without fields, lists and binary values of fixed size 0, decimals of negative scale, rows without columns, names with
  a NUL, metadata that is not UTF-8, more than 61 levels of fields (99 in Parquet's own counting, where a list counts
  twice).
- **Compression.** Record batches with LZ4 or ZSTD compression are accepted. A batch that expands to more than 256 MiB
  is RESOURCE_EXHAUSTED.
`;

const headings = ["pyarrow itself", "Hangar", "file in pyarrow", "in DuckDB", "in polars"];

/** The document of all outcomes. */
export function renderDocument(types: readonly TypeRow[], cases: readonly CaseRow[]): string {
  const typeRows = groupPlaces(types).map(({ row, places }) => [`\`${row.type}\``, places, ...cells(row)]);
  const caseRows = cases.map((row) => [row.case, ...cells(row)]);
  return [
    introduction,
    "## Types by place\n",
    renderTable(["type", "in", ...headings], typeRows),
    "## Arrow's integration cases, and limits\n",
    renderTable(["case", ...headings], caseRows),
    "",
  ].join("\n");
}

/** Rows of one type with the places that have the same outcome. */
function groupPlaces(types: readonly TypeRow[]): { row: TypeRow; places: string }[] {
  const groups = new Map<string, TypeRow[]>();
  for (const row of types) {
    const key = JSON.stringify([row.type, cells(row)]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((rows) => ({ row: rows[0]!, places: rows.map(({ place }) => place).join(", ") }));
}

function cells({ itself = "", hangar = "", pyarrow = "", duckdb = "", polars = "" }: Outcome): string[] {
  return [itself, hangar, pyarrow, duckdb, polars].map((text) => (/[<[(]|_|\d/.test(text) ? `\`${text}\`` : text));
}
