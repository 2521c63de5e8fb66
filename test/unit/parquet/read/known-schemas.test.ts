import { closeSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromArrays, tableToIPC, type Table as ArrowTable } from "apache-arrow";
import { ParquetFile, Table, writeParquet, WriterPropertiesBuilder } from "parquet-wasm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTemporaryFolder } from "../../../support/folder.ts";

// Each test is a new worker.
beforeEach(() => void vi.resetModules());
afterEach(() => void vi.restoreAllMocks());

const numbers = (rowCount: number): ArrowTable =>
  tableFromArrays({
    n: Int32Array.from({ length: rowCount }, (_, i) => i),
    x: new Float64Array(rowCount).fill(rowCount),
  });

function toParquet(table: ArrowTable, metadata: Record<string, string> = {}, rowGroupRowCount = 1000): Uint8Array {
  const properties = new WriterPropertiesBuilder()
    .setKeyValueMetadata(new Map(Object.entries(metadata)))
    .setMaxRowGroupSize(rowGroupRowCount)
    .build();
  return writeParquet(Table.fromIPCStream(tableToIPC(table, "stream")), properties);
}

/** Describes files as one worker does, one after another. Counts those that parquet-wasm opens. */
async function describeAll(...files: Uint8Array[]) {
  const { describeFile } = await import("../../../../src/parquet/read/describe-file.ts");
  const { useJobFile } = await import("../../../../src/parquet/workers/file-source.ts");
  await using folder = await createTemporaryFolder();
  const opened = vi.spyOn(ParquetFile, "fromFile");
  const described = [];
  for (const [i, bytes] of files.entries()) {
    const path = join(folder.path, `${i}`);
    writeFileSync(path, bytes);
    const fd = openSync(path, "r");
    const file = { id: path, fd, byteLength: fstatSync(fd).size };
    useJobFile(file);
    described.push(await describeFile({ kind: "describe", file }));
    useJobFile(undefined);
    closeSync(fd);
  }
  return { described, openedCount: opened.mock.calls.length };
}

test("opens the first of many files of one schema, and describes the others in the same way", async () => {
  const files = [10, 1, 700, 3000].map((rowCount) => toParquet(numbers(rowCount)));
  const { described, openedCount } = await describeAll(...files);
  expect(openedCount).toBe(1);
  expect(described.map(({ rowGroups }) => rowGroups.map(({ rowCount }) => rowCount))).toEqual([
    [10],
    [1],
    [700],
    [1000, 1000, 1000],
  ]);
  vi.restoreAllMocks();
  for (const [i, bytes] of files.entries()) {
    vi.resetModules();
    expect((await describeAll(bytes)).described[0]).toEqual(described[i]);
  }
});

test.each([
  ["other columns", toParquet(tableFromArrays({ m: Int32Array.of(1), x: Float64Array.of(1) }))],
  ["other metadata", toParquet(numbers(10), { unit: "m" })],
  ["many row groups", toParquet(numbers(100), {}, 1)],
])("opens a file with %s", async (_, other) => {
  expect((await describeAll(toParquet(numbers(10)), other)).openedCount).toBe(2);
});

test("opens each file whose pages decide whether it is valid", async () => {
  const nested = (count: number): ArrowTable =>
    tableFromArrays({ s: Array.from({ length: count }, (_, i) => ({ a: i })) });
  expect((await describeAll(toParquet(nested(3)), toParquet(nested(4)))).openedCount).toBe(2);
});

test("opens a file whose column chunks would end behind the file", async () => {
  const first = toParquet(numbers(10));
  const footerByteLength = new DataView(first.buffer).getUint32(first.byteLength - 8, true);
  const cut = Buffer.concat([first.subarray(0, 4), first.subarray(-8 - footerByteLength)]);
  const { described, openedCount } = await describeAll(first, cut);
  expect(openedCount).toBe(2);
  expect(described[1]).toEqual(described[0]);
});
