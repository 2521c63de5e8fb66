import { Dictionary, Int16, Table, tableFromArrays, Utf8, vectorFromArray, type Vector } from "apache-arrow";
import { afterAll, expect, test, vi } from "vitest";
import { decodeFooter } from "../../../../src/parquet/format/footer.ts";
import { columnChunk, fileMetaData, rowGroupField } from "../../../../src/parquet/format/footer-fields.ts";
import { integerField, structListField } from "../../../../src/parquet/format/thrift-fields.ts";
import { decodeStorableSchema, ParquetPool } from "../../../../src/parquet/index.ts";
import { divideColumns } from "../../../../src/parquet/write/column-ranges.ts";
import { createTemporaryFile, readFrames, toFrames, toTable, writeFrames } from "../tables.ts";

const pool = new ParquetPool({ workerCount: 2 });
afterAll(() => pool.close());

/** Columns of several types in turns: a number, a text with nulls, a dictionary, and a struct. */
function mixed(columnCount: number, rowCount: number): Table {
  const rows = <T>(at: (row: number) => T): T[] => Array.from({ length: rowCount }, (_, i) => at(i));
  const makers: ((column: number) => Vector)[] = [
    (column) => vectorFromArray(Float64Array.from(rows((row) => Math.sin(column * row)))),
    (column) =>
      vectorFromArray(
        rows((row) => (row % 3 === 0 ? null : `text ${column * row}`)),
        new Utf8(),
      ),
    (column) =>
      vectorFromArray(
        rows((row) => ["Lima", "Oslo", "Porto"][(column + row) % 3]!),
        new Dictionary(new Utf8(), new Int16()),
      ),
    (column) => vectorFromArray(rows((row) => ({ a: row, b: { c: `${column}` } }))),
  ];
  const columns = Array.from({ length: columnCount }, (_, i) => [`c${i}`, makers[i % makers.length]!(i)] as const);
  return new Table(Object.fromEntries(columns));
}

function rangesOf(columnCount: number, countMin?: number): (readonly [number, number])[] {
  const table = tableFromArrays(
    Object.fromEntries(Array.from({ length: columnCount }, (_, i) => [`c${i}`, Int32Array.of(i)])),
  );
  const storable = decodeStorableSchema(toFrames(table)[0]!.header);
  return divideColumns(storable, countMin).map(({ start, end }) => [start, end] as const);
}

test.each([
  [10, undefined, [[0, 10]]],
  [128, undefined, [[0, 128]]],
  [129, undefined, [[0, 64], [64, 129]]], // prettier-ignore
  [10, 2, [[0, 5], [5, 10]]], // prettier-ignore
  [1, 4, [[0, 1]]],
  [300, 2, [[0, 100], [100, 200], [200, 300]]], // prettier-ignore
])("%i columns for %s workers", (columnCount, countMin, expected) => {
  expect(rangesOf(columnCount, countMin)).toEqual(expected);
});

test.each([
  ["two workers share the only row group", 9, 8_000],
  ["a wide row group is encoded in ranges of columns", 300, 100],
  ["two workers share the ranges of a wide row group", 300, 400],
])("%s, and what is read is the same", async (_what, columnCount, rowCount) => {
  await using temporary = await createTemporaryFile();
  const table = mixed(columnCount, rowCount);
  await writeFrames(pool, temporary.file, toFrames(table));
  const got = toTable(await readFrames(pool, temporary.file));
  expect(got.schema.toString()).toBe(table.schema.toString());
  for (const { name } of table.schema.fields) {
    expect(got.getChild(name)!.toJSON(), name).toEqual(table.getChild(name)!.toJSON());
  }
});

test.each([
  ["idle workers share the only row group", 2, 2],
  ["the only row group is one job if another worker is busy", 1, 1],
])("%s", async (_what, idleWorkerCount, jobCount) => {
  await using temporary = await createTemporaryFile();
  vi.spyOn(pool, "idleWorkerCount", "get").mockReturnValue(idleWorkerCount);
  const run = vi.spyOn(pool, "run");
  await writeFrames(pool, temporary.file, toFrames(mixed(9, 8_000)));
  expect(run.mock.calls.map(([{ kind }]) => kind)).toEqual(Array.from({ length: jobCount }, () => "encode"));
});

test.each([
  ["20,000 rows", 20_000, "", false],
  ["100,000 rows", 100_000, "", true],
  ["2 MB of text", 8_000, "x".repeat(250), true],
])("a row group of %s has page indexes only if a column has several pages", async (_what, rowCount, text, expected) => {
  await using temporary = await createTemporaryFile();
  const { file } = temporary;
  const rows = <T>(at: (row: number) => T): T[] => Array.from({ length: rowCount }, (_, i) => at(i));
  const table = new Table({
    number: vectorFromArray(Float64Array.from(rows((row) => Math.sin(row)))),
    text: vectorFromArray(
      rows((row) => `${row} ${text}`),
      new Utf8(),
    ),
  });
  await writeFrames(pool, file, toFrames(table));
  const footer = decodeFooter(await file.read(0, file.version.byteLength));
  const [group] = structListField(footer, fileMetaData.rowGroups);
  expect(integerField(group!, rowGroupField.rowCount)).toBe(rowCount);
  const isIndexed = structListField(group!, rowGroupField.columns).map((chunk) =>
    chunk.has(columnChunk.offsetIndexOffset),
  );
  expect(isIndexed.some(Boolean)).toBe(expected);
});
