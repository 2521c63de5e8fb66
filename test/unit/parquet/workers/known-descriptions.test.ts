import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tableFromArrays } from "apache-arrow";
import { ParquetPool, readParquetFacts, type ParquetFacts } from "../../../../src/parquet/index.ts";
import { describedFilesMax } from "../../../../src/parquet/workers/limits.ts";
import type { StoredFile } from "../../../../src/storage/index.ts";
import { createTemporaryFile, toFrames, writeFrames } from "../tables.ts";

let stack: AsyncDisposableStack;
let pool: ParquetPool;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  pool = new ParquetPool({ workerCount: 1 });
  stack.defer(() => pool.close());
});
afterEach(async () => await stack.disposeAsync());

/** Writes files of one schema, each with one row more than the last. */
async function writeFiles(count: number): Promise<StoredFile[]> {
  const files = [];
  for (let i = 1; i <= count; i++) {
    const { file } = stack.use(await createTemporaryFile());
    await writeFrames(pool, file, toFrames(tableFromArrays({ n: Int32Array.from({ length: i }) })));
    files.push(await file.reopen());
  }
  return files;
}

/** Counts the jobs of an action by their kinds. */
async function countJobs(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const run = vi.spyOn(pool, "run");
  await act();
  const counts: Record<string, number> = {};
  for (const [{ kind }] of run.mock.calls) counts[kind] = (counts[kind] ?? 0) + 1;
  run.mockRestore();
  return counts;
}

test("describes files of a known schema together, as each alone", async () => {
  const count = describedFilesMax + 4;
  const files = await writeFiles(count);
  const alone: ParquetFacts[] = [];
  for (const file of files) alone.push(await readParquetFacts(pool, file));
  const jobs = await countJobs(async () => {
    expect(await Promise.all(files.map((file) => readParquetFacts(pool, file)))).toEqual(alone);
  });
  expect(jobs).toEqual({ "describe-known": 2 });
});

test("gives a single file its own job at once", async () => {
  const [file] = await writeFiles(1);
  expect(await countJobs(() => readParquetFacts(pool, file!))).toEqual({ describe: 1 });
});

test("gives each file of an unknown schema its own job", async () => {
  const files = await writeFiles(3);
  const jobs = await countJobs(async () => {
    const facts = await Promise.all(files.map((file) => readParquetFacts(pool, file)));
    expect(facts.map(({ rowCount }) => rowCount)).toEqual([1n, 2n, 3n]);
  });
  expect(jobs).toEqual({ "describe-known": 1, describe: 3 });
});

test("a file that cannot be read fails alone, with its own error", async () => {
  const [first, second] = await writeFiles(2);
  await readParquetFacts(pool, first!);
  const { file } = stack.use(await createTemporaryFile());
  await file.append(new TextEncoder().encode("this is not a Parquet file"));
  const broken = await file.reopen();
  const alone = await readParquetFacts(pool, broken).catch((reason: unknown) => reason);
  const [known, failed, other] = await Promise.allSettled(
    [first!, broken, second!].map((each) => readParquetFacts(pool, each)),
  );
  expect(known).toMatchObject({ value: { rowCount: 1n } });
  expect(other).toMatchObject({ value: { rowCount: 2n } });
  expect(failed).toMatchObject({
    status: "rejected",
    reason: { code: "data_loss", message: (alone as Error).message },
  });
});

test("fails if the pool is closed meanwhile", async () => {
  const files = await writeFiles(2);
  const described = Promise.allSettled(files.map((file) => readParquetFacts(pool, file)));
  await pool.close();
  for (const each of await described)
    expect(each).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
});
