import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../../../scripts/python.ts";
import {
  columnChunk,
  fileMetaData,
  pageLocation,
  rowGroupField,
} from "../../../../src/parquet/format/footer-fields.ts";
import { chunkRange, decodeFooter } from "../../../../src/parquet/format/footer.ts";
import { indexRowGroup } from "../../../../src/parquet/format/index-row-group.ts";
import { scanPages, type ChunkPages, type PageLocation } from "../../../../src/parquet/format/scan-pages.ts";
import { decodeThriftPrefix, decodeThriftStruct, type ThriftStruct } from "../../../../src/parquet/format/thrift.ts";
import { integerField, structListField } from "../../../../src/parquet/format/thrift-fields.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";

/** Columns whose pages have dictionaries, statistics longer than what is read of a header at first, nulls and lists. */
const program = `
import sys, random, pyarrow as pa, pyarrow.parquet as parquet
rng = random.Random(7)
rows = range(30_000)
table = pa.table({
  "number": pa.array([rng.random() for _ in rows]),
  "null": pa.array([i if i % 3 else None for i in rows]),
  "word": [f"word {i % 50}" for i in rows],
  "long": [str(i % 10) * 3000 if i % 500 == 0 else "" for i in rows],
  "struct": [{"x": i, "y": None} for i in rows],
  "list": [list(range(i % 4)) for i in rows],
})
folder, pages = sys.argv[1], {"data_page_size": 4000, "row_group_size": 20_000}
for name, options in {
  "v1": {"write_page_index": True},
  "v2": {"write_page_index": True, "data_page_version": "2.0"},
  "plain": {"write_page_index": True, "use_dictionary": False, "compression": "none"},
  "zstd": {"write_page_index": True, "compression": "zstd", "write_page_checksum": True},
  "none": {"data_page_version": "2.0"},
}.items():
  parquet.write_table(table, f"{folder}/{name}", **pages, **options)
`;
/** The leaves of that table, of which the last is repeated. */
const leafCount = 7;

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  execFileSync(await ensurePython(), ["-c", program, folder.path]);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function openFile(name: string) {
  const bytes = await readFile(join(folder.path, name));
  const footer = decodeFooter(bytes);
  return { bytes, footer, read: (start: number, end: number) => bytes.subarray(start, end) };
}

function pagesOf(chunk: ThriftStruct, group: ThriftStruct, changes: Partial<ChunkPages> = {}): ChunkPages {
  const rowCount = integerField(group, rowGroupField.rowCount);
  return { ...chunkRange(chunk), rowCount, isRepeated: false, pageCountMax: 1000, ...changes };
}

/** What the writer's own index says. */
function indexOf(bytes: Uint8Array, chunk: ThriftStruct): PageLocation[] {
  const start = integerField(chunk, columnChunk.offsetIndexOffset);
  const index = decodeThriftStruct(bytes.subarray(start, start + integerField(chunk, columnChunk.offsetIndexLength)));
  return structListField(index, 1).map((location) => ({
    byteOffset: integerField(location, pageLocation.offset),
    byteLength: integerField(location, pageLocation.byteLength),
    firstRow: integerField(location, pageLocation.firstRow),
  }));
}

describe("pages that are found by their headers", () => {
  test.each(["v1", "v2", "plain", "zstd"])("are those of the writer's own index: %s", async (name) => {
    const { bytes, footer, read } = await openFile(name);
    for (const group of structListField(footer, fileMetaData.rowGroups)) {
      const chunks = structListField(group, rowGroupField.columns);
      expect(chunks.length).toBe(leafCount);
      const found = chunks.map((chunk, i) => scanPages(read, pagesOf(chunk, group, { isRepeated: i === 6 })));
      const indexed = chunks.map((chunk) => indexOf(bytes, chunk));
      expect(indexed.flat().length).toBeGreaterThan(leafCount);
      // Where a row of a list begins, pages of the first version do not tell.
      expect(found).toEqual(name === "v2" ? indexed : indexed.with(6, undefined!));
    }
  });

  test("are none where they are not of so many rows, or too many", async () => {
    const { footer, read } = await openFile("v1");
    const [group] = structListField(footer, fileMetaData.rowGroups);
    const [chunk] = structListField(group!, rowGroupField.columns);
    expect(scanPages(read, pagesOf(chunk!, group!))).toBeDefined();
    expect(scanPages(read, pagesOf(chunk!, group!, { rowCount: 19_999 }))).toBeUndefined();
    expect(scanPages(read, pagesOf(chunk!, group!, { pageCountMax: 3 }))).toBeUndefined();
    const { start, end } = chunkRange(chunk!);
    expect(() => scanPages(read, pagesOf(chunk!, group!, { start: start + 1 }))).toThrow(RangeError);
    expect(() => scanPages(read, pagesOf(chunk!, group!, { end: end - 1 }))).toThrow(RangeError);
  });
});

describe("the index that is made for a row group", () => {
  test("stands behind the file, in front of a footer that has this row group alone", async () => {
    const { bytes, footer, read } = await openFile("none");
    const end = indexRowGroup({ footer, byteLength: bytes.byteLength, read }, 1);
    const extended = Buffer.concat([bytes, ...end!]);
    const [group, second] = structListField(decodeFooter(extended), fileMetaData.rowGroups);
    expect(second).toBeUndefined();
    expect(integerField(group!, rowGroupField.rowCount)).toBe(10_000);
    for (const chunk of structListField(group!, rowGroupField.columns)) {
      const pages = indexOf(extended, chunk);
      expect(pages[0]!.firstRow).toBe(0);
      for (const { byteOffset } of pages) decodeThriftPrefix(extended.subarray(byteOffset, byteOffset + 10_000));
    }
  });

  test("is not made where there is one, where there is no such group, or where a list's pages do not tell", async () => {
    for (const [name, index] of [
      ["v2", 0],
      ["none", 2],
      ["v1", 0],
    ] as const) {
      const { bytes, footer, read } = await openFile(name);
      expect(indexRowGroup({ footer, byteLength: bytes.byteLength, read }, index)).toBeUndefined();
    }
  });
});
