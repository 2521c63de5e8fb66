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

const introduction = `# Types, and what becomes of them

Made by \`test/types\`, which holds each row to what was expected of it (\`test/types/expected.ts\`); to write it again:
\`HANGAR_WRITE_DOCS=1 npm test -- test/types\`.

Tables of several batches, nulls and empty batches among them, are put by pyarrow and got by pyarrow; FlightInfo,
GetSchema and DoGet give one and the same schema. \`=\` means:

- _pyarrow itself_: what its \`write_table\` stores, its \`read_table\` gives back with equal values and of the same type.
- _Hangar_: equal values, the same schema, and all of its metadata.
- _file in …_: the reader gives the same values and types as for the file that pyarrow itself writes of the table.

Anything else is the type that comes back, with equal values unless it says otherwise. \`refused\` puts end with
INVALID_ARGUMENT, which names the column and its type, and nothing is written.

## What to know

- Parquet has no seconds, and no dates in milliseconds: timestamps and times in seconds are stored in milliseconds, and
  date64 as date32, as pyarrow does, which other readers see. The Arrow schema in the file says what they were, and so they
  come back, also from files that others wrote. A value that does not fit then is refused, with its column and row.
- A decimal of more digits than its type has, a time below zero or beyond its day, and a date64 that is no whole day are
  refused by column and row: pyarrow's writer stores other values in their place.
- A dictionary stays one where Parquet's readers can read it; one of bools, half floats, bytes of fixed width, nulls or
  decimals of more than 18 digits is stored as its values.
- The indices of a dictionary are widened where its values would not fit the type that readers need: 128 values with
  int8 become int16. Replaced and delta dictionaries keep their values. Each time that other values replace a
  dictionary's, a new row group begins: of one dictionary for each thousand rows, a file becomes a quarter larger.
- string_view, binary_view, list_view and large_list_view come back as such, wherever they stand, also from files that
  others wrote. Parquet itself knows strings, bytes and lists only: that they are views is said by the Arrow schema that
  Arrow's writers put into a file. apache-arrow in JavaScript decodes no list views; it gets the other columns by \`columns\`.
- Intervals that other writers keep in Parquet (months, days, milliseconds) are month_day_nano_interval; months and days are
  signed. Timestamps in INT96 are in nanoseconds, and in microseconds where a value lies beyond 1677 to 2262: the column is
  decoded once to tell, when the file is first looked at.
- Not stored: unions, run-end encoding, MonthDayNano intervals, dictionaries of nested types or of views, structs
  without fields, lists and binary values of no items, decimals of negative scale, rows without columns, names with a
  NUL, metadata that is not UTF-8, more than 61 levels of fields (99 in Parquet's own counting, lists twice).
- Record batches compressed by LZ4 or ZSTD are taken; one that expands to more than 256 MiB is RESOURCE_EXHAUSTED.
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

/** A table as prettier writes it. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length), 3));
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}
