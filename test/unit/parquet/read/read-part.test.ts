import { execFileSync } from "node:child_process";
import { TestFile } from "../test-file.ts";
import { join } from "node:path";
import { tableFromIPC, type Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../../../scripts/python.ts";
import { encodeIpcStream, messageKind } from "../../../../src/arrow/index.ts";
import { type FlightFrame } from "../../../../src/flight/index.ts";
import { ParquetPool, readParquetFacts, readParquetFrames, readSchemaHeader } from "../../../../src/parquet/index.ts";
import type { RowWindow } from "../../../../src/parquet/read/read-plan.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";

/** Names that parquet-wasm mixes up, dictionaries, nested columns, and row groups of 1,000 rows. */
const program = `
import sys, pyarrow as pa, pyarrow.parquet as parquet
rows = range(3500)
table = pa.table({
  "a": pa.array(rows, pa.int64()),
  "s": pa.array([{"x": i, "y": {"a": str(i)}} for i in rows]),
  "a.b": pa.array([f"dot {i}" for i in rows]),
  "s.x": pa.array([-i for i in rows], pa.int64()),
  "word": pa.array([f"word {i % 7}" for i in rows]).dictionary_encode(),
  "list": pa.array([list(range(i % 5)) for i in rows]),
  "": pa.array([i / 2 for i in rows]),
})
parquet.write_table(table, sys.argv[1], row_group_size=1000)
`;
const names = ["a", "s", "a.b", "s.x", "word", "list", ""];

describe("a part of a file", () => {
  const pool = new ParquetPool({ workerCount: 1 });
  let folder: TemporaryFolder;
  let path: string;
  beforeAll(async () => {
    folder = await createTemporaryFolder();
    path = join(folder.path, "a.parquet");
    execFileSync(await ensurePython(), ["-c", program, path]);
  });
  afterAll(async () => {
    await pool.close();
    await folder[Symbol.asyncDispose]();
  });

  async function read(window: RowWindow, columnIndices?: number[]): Promise<Table> {
    await using file = await TestFile.open(path);
    const facts = await readParquetFacts(pool, file);
    const frames: FlightFrame[] = [];
    const { signal } = new AbortController();
    for await (const frame of readParquetFrames(pool, file, facts, { signal, columnIndices, ...window })) {
      frames.push(frame);
    }
    expect(frames[0]?.header).toEqual(readSchemaHeader(facts, columnIndices));
    expect(frames.slice(1).some(({ header }) => messageKind(header) === "schema")).toBe(false);
    return tableFromIPC(encodeIpcStream(frames));
  }
  const rowsOf = (table: Table): string[] => table.toArray().map(String);

  test.each([[[0]], [[1]], [[2]], [[3]], [[4]], [[5]], [[6]], [[0, 2]], [[1, 4, 6]], [[0, 1, 2, 3, 4, 5, 6]]])(
    "of the columns %j has their values",
    async (columnIndices) => {
      const [whole, part] = [await read({}), await read({}, columnIndices)];
      expect(part.schema.names).toEqual(columnIndices.map((index) => names[index]));
      expect(part.schema.fields.map(String)).toEqual(columnIndices.map((index) => String(whole.schema.fields[index])));
      expect(rowsOf(part)).toEqual(rowsOf(whole.selectAt(columnIndices)));
    },
  );

  test.each<[offset: number | undefined, limit: number | undefined]>([
    [0, 1],
    [999, 2],
    [1000, 1000],
    [1500, 1700],
    [2999, undefined],
    [3499, 10],
    [undefined, 0],
    [1200, 0],
    [3500, 1],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])("of offset %s and limit %s has these rows", async (offset, limit) => {
    const start = Math.min(offset ?? 0, 3500);
    const part = await read({ offset, limit }, [0, 4]);
    expect(part.schema.names).toEqual(["a", "word"]);
    expect(rowsOf(part)).toEqual(
      Array.from(
        { length: Math.min(limit ?? 3500, 3500 - start) },
        (_, i) => `{"a": ${start + i}, "word": "word ${(start + i) % 7}"}`,
      ),
    );
  });
});
