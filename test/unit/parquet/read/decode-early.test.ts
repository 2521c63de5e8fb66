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

test.each([
  ["of a folder while the schema is sent", 0, 1],
  ["of a bucket when rows are wanted", undefined, 0],
])("decodes a file %s, and lets go of it if nobody reads on", async (_, fd, jobCount) => {
  const run = vi.fn(async () => ({ frames: [], byteLength: 80, isCostly: false }));
  const readAhead = { heldBytes: 0, bytesMax: 1000 };
  const pool = { run, readAhead } as unknown as ParquetPool;
  const frames = readParquetFrames(pool, { fd, version: {} } as StoredFile, facts, { signal: never });
  expect((await frames.next()).value?.header).toEqual(facts.schemaHeader);
  expect(run).toHaveBeenCalledTimes(jobCount);
  await frames.return(undefined);
  expect(run).toHaveBeenCalledTimes(jobCount);
  expect(readAhead.heldBytes).toBe(0);
});
