import { tableFromArrays, tableToIPC } from "apache-arrow";
import { Table, writeParquet, WriterPropertiesBuilder } from "parquet-wasm";
import { beforeEach, expect, test, vi } from "vitest";
import type { ByteSource } from "../../../../src/parquet/format/byte-source.ts";
import { fileMetaData, rowGroupField } from "../../../../src/parquet/format/footer-fields.ts";
import { encodeFooter } from "../../../../src/parquet/format/footer.ts";
import { decodeThriftStruct, thriftType } from "../../../../src/parquet/format/thrift.ts";
import { structListField } from "../../../../src/parquet/format/thrift-fields.ts";
import { joinPieces } from "../../../../src/flight/index.ts";

vi.mock(import("../../../../src/parquet/format/thrift.ts"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, decodeThriftStruct: vi.fn(original.decodeThriftStruct) };
});

// Each test is a new worker.
beforeEach(() => void vi.resetModules());

function toParquet(rowCount: number, columnName = "n", metadata: Record<string, string> = {}): Uint8Array {
  const table = tableFromArrays({ [columnName]: Int32Array.from({ length: rowCount }, (_, i) => i) });
  const properties = new WriterPropertiesBuilder().setKeyValueMetadata(new Map(Object.entries(metadata))).build();
  return withoutIndexes(writeParquet(Table.fromIPCStream(tableToIPC(table, "stream")), properties));
}

const footerStart = (file: Uint8Array): number =>
  file.byteLength - 8 - new DataView(file.buffer, file.byteOffset).getUint32(file.byteLength - 8, true);

/** Returns a file with another footer. */
function changeFooter(file: Uint8Array, change: (footer: ReturnType<typeof decodeThriftStruct>) => void): Uint8Array {
  const start = footerStart(file);
  const footer = decodeThriftStruct(file.subarray(start, -8));
  change(footer);
  return Buffer.concat([file.subarray(0, start), joinPieces(encodeFooter(footer))]);
}

function withoutIndexes(file: Uint8Array): Uint8Array {
  return changeFooter(file, (footer) => eachChunk(footer, (chunk) => [4, 5, 6, 7].forEach((id) => chunk.delete(id))));
}

type Struct = ReturnType<typeof decodeThriftStruct>;
function eachChunk(footer: Struct, change: (chunk: Struct) => void): void {
  for (const group of structListField(footer, fileMetaData.rowGroups)) {
    structListField(group, rowGroupField.columns).forEach(change);
  }
}

function toSource(file: Uint8Array): ByteSource {
  return { byteLength: file.byteLength, read: (start, end) => new Uint8Array(file.slice(start, end)) };
}

/** Shows files as one worker does. @returns how each is shown, and how many footers were decoded for it */
async function showAll(...files: Uint8Array[]) {
  const { showFile } = await import("../../../../src/parquet/format/show-file.ts");
  const { decodeThriftStruct: decode } = await import("../../../../src/parquet/format/thrift.ts");
  return files.map((file) => {
    const source = toSource(file);
    const before = vi.mocked(decode).mock.calls.length;
    const shown = showFile(source);
    const { source: shownSource, withoutIndexes: bare, ...rest } = shown;
    const isUnchanged = shownSource === source && bare === source;
    return { isUnchanged, rest, decodedCount: vi.mocked(decode).mock.calls.length - before };
  });
}

test("decodes the first footer of a schema, and shows the others in the same way", async () => {
  const files = [10, 1, 700].map((rowCount) => toParquet(rowCount));
  const [first, ...others] = await showAll(...files);
  expect(first).toMatchObject({ isUnchanged: true });
  expect(first!.decodedCount).toBeGreaterThan(0);
  for (const other of others) expect(other).toEqual({ ...first, decodedCount: 0 });
});

const count = (value: bigint) => ({ type: thriftType.i64, value });

test.each([
  ["other columns", toParquet(10, "m"), true],
  ["other metadata", toParquet(10, "n", { unit: "m" }), true],
  [
    "a wrong number of rows",
    changeFooter(toParquet(10), (footer) => footer.set(fileMetaData.rowCount, count(9n))),
    false,
  ],
  [
    "page indexes",
    changeFooter(toParquet(10), (footer) => eachChunk(footer, (chunk) => chunk.set(4, count(4n)))),
    false,
  ],
  [
    "the offset of a dictionary that it does not have",
    changeFooter(toParquet(10), (footer) =>
      eachChunk(footer, (chunk) => (chunk.get(3)!.value as Struct).set(11, count(0n))),
    ),
    false,
  ],
])("decodes a footer with %s", async (_, file, isUnchanged) => {
  const [, other] = await showAll(toParquet(10), file);
  expect(other!.decodedCount).toBeGreaterThan(0);
  expect(other!.isUnchanged).toBe(isUnchanged);
});

test("refuses a contradiction in a footer whose schema is known", async () => {
  const contradicting = changeFooter(toParquet(10), (footer) =>
    eachChunk(footer, (chunk) => (chunk.get(3)!.value as Struct).set(5, count(9n))),
  );
  await expect(showAll(toParquet(10), contradicting)).rejects.toThrow('column "n" has 9 values for 10 rows');
});
