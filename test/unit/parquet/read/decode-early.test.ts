import { expect, test, vi } from "vitest";
import { readParquetFrames, type ParquetFacts, type ParquetPool } from "../../../../src/parquet/index.ts";
import type { StoredFile } from "../../../../src/storage/index.ts";
import { never } from "../tables.ts";

const facts: ParquetFacts = {
  rowCount: 10n,
  byteLength: 1n,
  schemaHeader: new Uint8Array(0),
  rowGroups: [{ rowCount: 10, byteLength: 80 }],
  heldBytes: 0,
};

test("decodes while the schema is sent, and lets go of it if nobody reads on", async () => {
  const run = vi.fn(async () => ({ frames: [], byteLength: 80, isCostly: false }));
  const readAhead = { heldBytes: 0, bytesMax: 1000 };
  const pool = { run, readAhead } as unknown as ParquetPool;
  const frames = readParquetFrames(pool, { fd: 0, version: {} } as StoredFile, facts, { signal: never });
  expect((await frames.next()).value?.header).toEqual(facts.schemaHeader);
  expect(run).toHaveBeenCalledTimes(1);
  await frames.return(undefined);
  expect(run).toHaveBeenCalledTimes(1);
  expect(readAhead.heldBytes).toBe(0);
});
