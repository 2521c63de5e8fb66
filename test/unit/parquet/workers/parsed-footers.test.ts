import { closeSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { RecordBatch, Table, writeParquet } from "parquet-wasm";
import { expect, test, vi } from "vitest";
import { showFile } from "../../../../src/parquet/format/show-file.ts";
import { findDecodedFields } from "../../../../src/parquet/read/decoded-fields.ts";
import { decodeSlice } from "../../../../src/parquet/read/decode-slice.ts";
import { describeFile } from "../../../../src/parquet/read/describe-file.ts";
import { useJobFile } from "../../../../src/parquet/workers/file-source.ts";
import { hasTrueIndex } from "../../../../src/parquet/format/true-index.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

vi.mock(import("../../../../src/parquet/format/show-file.ts"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, showFile: vi.fn(original.showFile) };
});
vi.mock(import("../../../../src/parquet/format/true-index.ts"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, hasTrueIndex: vi.fn(original.hasTrueIndex) };
});

const columnCount = 200;
const rowCount = 300;

/** Opens a file and runs a function with its description, as a worker does for one job. */
async function runJob<T>(path: string, run: (file: { id: string; fd: number; byteLength: number }) => Promise<T>) {
  const fd = openSync(path, "r");
  try {
    const file = { id: "version 1", fd, byteLength: fstatSync(fd).size };
    useJobFile(file);
    return await run(file);
  } finally {
    useJobFile(undefined);
    closeSync(fd);
  }
}

/** Writes a file of one row group. */
function writeWideFile(folder: string): string {
  const path = join(folder, "wide.parquet");
  const columns = Array.from({ length: columnCount }, (_, column) => [
    `column ${column}`,
    Float64Array.from({ length: rowCount }, (_, row) => Math.sin(column + row)),
  ]);
  const table = tableFromArrays(Object.fromEntries(columns) as Record<string, Float64Array>);
  writeFileSync(path, writeParquet(Table.fromIPCStream(tableToIPC(table, "stream"))));
  return path;
}

test("a worker looks through the footer of a version once, for all of its reads", async () => {
  await using folder = await createTemporaryFolder();
  const path = writeWideFile(folder.path);
  const { schemaHeader } = await runJob(path, (file) => describeFile({ kind: "describe", file }));
  const slice = { rowGroupIndices: [0], rowStart: 0, rowCount, batchRowCount: 100 };
  const read = (isWhole: boolean) =>
    runJob(path, (file) => decodeSlice({ kind: "decode", file, schemaHeader, ...slice, isWhole }));
  for (let i = 0; i < 3; i++) expect((await read(true)).frames).toHaveLength(3);
  expect(showFile).toHaveBeenCalledTimes(1);
  expect(hasTrueIndex, "a whole row group needs no page indexes").not.toHaveBeenCalled();
  for (let i = 0; i < 3; i++) expect((await read(false)).frames).toHaveLength(3);
  expect(showFile).toHaveBeenCalledTimes(1);
  expect(hasTrueIndex, "the page index of each column is checked once").toHaveBeenCalledTimes(columnCount);
});

test("jobs of one read decode the schema once", async () => {
  await using folder = await createTemporaryFolder();
  const path = writeWideFile(folder.path);
  const { schemaHeader } = await runJob(path, (file) => describeFile({ kind: "describe", file }));
  const find = (columnIndices?: readonly number[]) =>
    runJob(path, (file) =>
      Promise.resolve(findDecodedFields({ file, schemaHeader: schemaHeader.slice() }, columnIndices)),
    );
  const all = await find();
  expect(await find()).toBe(all);
  const some = await find([3, 5]);
  expect(some.projection.fields).toEqual([3, 5].map((index) => all.declared[index]));
  expect(await find([3, 5])).toBe(some);
  expect(await find()).toEqual(all);
});

test("a few rows more do not make another batch of parquet-wasm", async () => {
  await using folder = await createTemporaryFolder();
  const path = writeWideFile(folder.path);
  const { schemaHeader } = await runJob(path, (file) => describeFile({ kind: "describe", file }));
  const decoded = vi.spyOn(RecordBatch.prototype, "intoFFI");
  const batchCountOf = async (batchRowCount: number): Promise<number> => {
    decoded.mockClear();
    const slice = { rowGroupIndices: [0], rowStart: 0, rowCount, isWhole: true, batchRowCount };
    // All columns, but by their names, as in a file that is not small.
    const columnIndices = [...Array(columnCount).keys()];
    await runJob(path, (file) => decodeSlice({ kind: "decode", file, schemaHeader, columnIndices, ...slice }));
    return decoded.mock.calls.length;
  };
  // parquet-wasm decodes at most eight batches that are sent at a time.
  expect(await batchCountOf(38)).toBe(1);
  expect(await batchCountOf(30)).toBe(1);
  expect(await batchCountOf(25)).toBe(2);
  decoded.mockRestore();
});
