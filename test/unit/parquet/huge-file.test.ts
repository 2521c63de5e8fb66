import { execFile } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredFile } from "../../../src/storage/index.ts";
import { TestFile } from "./test-file.ts";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../../scripts/python.ts";
import { decodeFooter, encodeFileEnd } from "../../../src/parquet/format/footer.ts";
import { placeRowGroup, takeRowGroup } from "../../../src/parquet/format/place-row-group.ts";
import { ParquetPool, readParquetFacts, readParquetFrames } from "../../../src/parquet/index.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/folder.ts";
import { never, toTable } from "./tables.ts";

/** Two files of one row group, many pages and a dictionary: with page indexes and without, the latter a large one. */
const program = `
import sys
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
def write(name, rows, **options):
    n = pa.array(np.arange(rows))
    wide = pa.array(np.random.default_rng(1).integers(0, 1 << 62, rows))
    table = pa.table({"n": n, "word": pa.array(np.arange(rows) % 100).cast(pa.string()), "wide": wide})
    parquet.write_table(table, sys.argv[1] + "/" + name, row_group_size=rows, **options)
write("indexed", 200_000, write_page_index=True)
write("unindexed", 4_500_000, compression="none")
`;

const gibi = 1024 ** 3;
const pool = new ParquetPool({ workerCount: 1 });
let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  await promisify(execFile)(await ensurePython(), ["-c", program, folder.path]);
});
afterAll(async () => {
  await pool.close();
  await folder[Symbol.asyncDispose]();
});

/** A file with the row group of another one at each of these offsets, and nothing, which takes no room, between them. */
async function scatter(name: string, byteOffsets: readonly number[]): Promise<TestFile> {
  const source = await readFile(join(folder.path, name));
  const file = await open(join(folder.path, `${name}-scattered`), "w+");
  const rowGroups = [];
  let end = 0;
  await file.write(source, 0, 4, 0);
  for (const [index, byteOffset] of byteOffsets.entries()) {
    const { pages, placed } = takeRowGroup(source, 4)!;
    await file.write(pages, 0, pages.byteLength, byteOffset);
    end = byteOffset + pages.byteLength;
    rowGroups.push(placeRowGroup(placed, { byteOffset, index }));
  }
  const pieces = encodeFileEnd({ template: decodeFooter(source), rowGroups, byteOffset: end });
  await file.writev(pieces, end);
  return new TestFile(file);
}

async function read(file: StoredFile, offset: number, limit: number) {
  const facts = await readParquetFacts(pool, file);
  const frames = await Array.fromAsync(readParquetFrames(pool, file, facts, { signal: never, offset, limit }));
  const rows = toTable(frames).toArray() as { n: bigint; word: string }[];
  return rows.map(({ n, word }) => [Number(n), word]);
}

describe("a file of more than 4 GiB, beyond which parquet-wasm falls over,", () => {
  test.each([
    ["with page indexes", "indexed", 200_000],
    ["with large row groups that have none", "unindexed", 4_500_000],
  ])("%s, is read to its end", async (_what, name, rowCount) => {
    await using file = await scatter(name, [4, 3 * gibi, 6 * gibi]);
    expect((await readParquetFacts(pool, file)).rowCount).toBe(BigInt(3 * rowCount));
    const expected = (row: number) => [row, String(row % 100)];
    for (const group of [0, 1, 2]) {
      for (const row of [0, 123_456, rowCount - 3]) {
        const rows = [row, row + 1, row + 2].map(expected);
        expect(await read(file, group * rowCount + row, 3)).toEqual(rows);
      }
    }
    expect(await read(file, 2 * rowCount - 1, 2)).toEqual([expected(rowCount - 1), expected(0)]);
  });
});
