import { renderTable } from "../../scripts/markdown-table.ts";

/** What became of a type of Parquet's own in a place. */
export interface ParquetRow {
  readonly type: string;
  readonly annotated: string;
  readonly place: string;
  /** The type that Hangar gives, or `refused`. */
  readonly hangar: string;
  /** `=` where pyarrow reads the same values of the same type; otherwise its type, or `refused`. */
  readonly pyarrow: string;
  /** `=` where DuckDB reads the same values; otherwise its type, or `refused`. */
  readonly duckdb: string;
  /** Why Hangar refuses. */
  readonly message: string;
}

const introduction = `## Parquet's own types

Other tools write Parquet types that Arrow data never becomes in Parquet. The test writes files with each of these
types. The annotation is the logical type, the converted type of older files, both, or two that contradict each other.
The place is a required, an optional or a repeated column, a struct or a list. The test puts each file over HTTP, gets
it over Flight, and compares the rows with the rows that pyarrow and DuckDB read from the same file.

_Hangar_ names the type that a get returns. \`refused\` means that the put and the get fail, and the error names the
column and its type. In the other columns, \`=\` means that the reader returns the same values, and pyarrow the same type.
DuckDB recognises lists and maps only by their converted type, not by the logical type alone.

- The logical type overrides the converted type, the scale and the precision of the same column. A logical type that
  does not fit the column's physical type is ignored, as in pyarrow.
- JSON and UUID columns have the extension types \`arrow.json\` and \`arrow.uuid\`, as in pyarrow.
- Arrow has no type for ENUM. The field of such a column has \`hangar.logical_type\` with the value \`ENUM\` in its metadata.
  So rows and filters have its text. A put of these fields keeps the metadata.
- A map with optional keys is read if no key is null, as in DuckDB.
`;

/** The part of the document on types of Parquet's own. */
export function renderParquetTypes(rows: readonly ParquetRow[]): string {
  const head = ["Parquet type", "annotated by", "in", "Hangar", "pyarrow", "DuckDB"];
  const lines = mergeForms(mergePlaces(rows)).map(({ row, annotated, places }) => [
    row.type,
    annotated,
    places,
    ...[row.hangar, row.pyarrow, row.duckdb].map((text) => (/[<[(_]|\d/.test(text) ? `\`${text}\`` : text)),
  ]);
  return [introduction, renderTable(head, lines)].join("\n");
}

interface MergedRow {
  readonly row: ParquetRow;
  readonly annotated: string;
  readonly places: string;
}

/** What a type becomes in itself; the type that it is part of in a place says the same of it. */
function outcomeOf({ type, hangar, pyarrow, duckdb }: ParquetRow): string {
  const inner = [hangar, pyarrow, duckdb].map((text) =>
    text.replace(/^(?:list<(?:v|l|element): (.*?)(?: not null)?>|struct<x: (.*)>)$/, "$1$2"),
  );
  return JSON.stringify([type, ...inner]);
}

/** Rows of one type and annotation, with the places that have the same outcome. */
function mergePlaces(rows: readonly ParquetRow[]): MergedRow[] {
  const groups = Map.groupBy(rows, (row) => `${row.annotated} ${outcomeOf(row)}`);
  return [...groups.values()].map((same) => ({
    row: same[0]!,
    annotated: same[0]!.annotated,
    places: same.length === 5 ? "all places" : same.map(({ place }) => place).join(", "),
  }));
}

/** Rows of one type with the annotations that have the same outcome in the same places. */
function mergeForms(rows: readonly MergedRow[]): MergedRow[] {
  const groups = Map.groupBy(rows, ({ row, places }) => `${places} ${outcomeOf(row)}`);
  return [...groups.values()].map((same) => ({
    ...same[0]!,
    annotated: same.map(({ annotated }) => annotated).join(", "),
  }));
}
