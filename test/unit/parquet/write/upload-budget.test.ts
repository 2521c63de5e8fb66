import { TestFile } from "../test-file.ts";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { frameByteLength } from "../../../../src/flight/index.ts";
import { decodeStorableSchema, ParquetPool, ParquetWriter, readParquetFacts } from "../../../../src/parquet/index.ts";
import { UploadBudget, type BudgetHolder } from "../../../../src/parquet/write/upload-budget.ts";
import { createTable, toFrames } from "../../../contract/tables.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";
import { within } from "../../../support/wait.ts";

const { signal } = new AbortController();

/** A holder that writes what it has collected when it is told to, one turn later. */
class Holder implements BudgetHolder {
  collectedBytes = 0;
  flushCount = 0;
  readonly #budget: UploadBudget;

  constructor(budget: UploadBudget) {
    this.#budget = budget;
  }

  collect(byteLength: number): this {
    this.collectedBytes += byteLength;
    this.#budget.add(this, byteLength);
    return this;
  }

  flush(): void {
    this.flushCount += 1;
    const written = this.collectedBytes;
    this.collectedBytes = 0;
    setImmediate(() => this.#budget.add(this, -written));
  }
}

describe("the budget of uploads", () => {
  test("lets a writer go on as long as no more is held than may be", async () => {
    const budget = new UploadBudget(100);
    const holder = new Holder(budget).collect(100);
    await within("room", budget.room(signal));
    expect([budget.heldBytes, holder.flushCount]).toEqual([100, 0]);
  });

  test("has the largest collections written when somebody waits, and leaves small ones", async () => {
    const budget = new UploadBudget(100);
    const holders = [20, 60, 10, 30].map((byteLength) => new Holder(budget).collect(byteLength));
    await within("room", budget.room(signal));
    expect(holders.map(({ flushCount }) => flushCount)).toEqual([0, 1, 0, 1]);
    await expect.poll(() => budget.heldBytes).toBe(30);
  });

  test("has more written where parts of uploads and dictionaries stay, so that nobody waits for a client", async () => {
    const budget = new UploadBudget(100);
    const [parts, dictionaries] = [new Holder(budget), new Holder(budget)];
    budget.add(parts, 25);
    budget.keep(dictionaries, 45);
    const holders = [20, 15, 10].map((byteLength) => new Holder(budget).collect(byteLength));
    await within("room", budget.room(signal));
    expect(holders.map(({ flushCount }) => flushCount)).toEqual([1, 0, 0]);
    expect(budget.heldBytes).toBeLessThanOrEqual(100);
  });

  test("lets one go on that alone holds more than may be held", async () => {
    const budget = new UploadBudget(100);
    const holder = new Holder(budget);
    for (let i = 0; i < 3; i++) {
      holder.collect(1000);
      await within("room", budget.room(signal));
    }
    expect([budget.heldBytes, holder.flushCount]).toEqual([0, 3]);
  });

  test("tells when the last writer has ended, once", () => {
    let idleCount = 0;
    const budget = new UploadBudget(100, () => (idleCount += 1));
    const [first, second] = [new Holder(budget).collect(1), new Holder(budget).collect(1)];
    budget.close(first);
    expect(idleCount).toBe(0);
    budget.close(second);
    budget.close(second);
    expect([idleCount, budget.heldBytes]).toEqual([1, 0]);
  });

  test("refuses what would be kept beyond half of it, of all writers together, and lets go of it at their end", async () => {
    const budget = new UploadBudget(100);
    const [first, second] = [new Holder(budget), new Holder(budget)];
    budget.keep(first, 30);
    budget.keep(second, 20);
    const refused = { code: "resource_exhausted", message: expect.stringContaining("dictionaries") as string };
    expect(() => budget.keep(second, 21)).toThrow(expect.objectContaining(refused) as Error);
    budget.keep(first, 10);
    budget.keep(second, 40);
    expect(budget.heldBytes).toBe(50);
    // What is kept and what may stay collected leave room together.
    second.collect(50);
    await within("room", budget.room(signal));
    budget.close(second);
    budget.keep(first, 50);
    budget.close(first);
    expect(budget.heldBytes).toBe(0);
  });

  test("serves those who wait in turn", async () => {
    const budget = new UploadBudget(100);
    const held: BudgetHolder = { collectedBytes: 0, flush: () => {} };
    budget.add(held, 101);
    const order: number[] = [];
    const waiting = [1, 2, 3].map((i) => budget.room(signal).then(() => order.push(i)));
    budget.add(held, -1);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  test("lets one that waits leave, and forgets what a closed holder had", async () => {
    const budget = new UploadBudget(100);
    const held: BudgetHolder = { collectedBytes: 0, flush: () => {} };
    budget.add(held, 1000);
    const call = new AbortController();
    const left = budget.room(call.signal);
    const stays = budget.room(signal);
    call.abort(new Error("the client left"));
    await expect(left).rejects.toThrow("the client left");
    budget.close(held);
    await within("room", stays);
    budget.close(held);
    expect(budget.heldBytes).toBe(0);
    await expect(new UploadBudget(-1).room(call.signal)).rejects.toThrow("the client left");
  });
});

describe("writers", () => {
  const frames = toFrames(createTable(1, { batchCount: 40, rowCountPerBatch: 1000 }));
  const [schemaFrame, ...batches] = frames;
  const batchBytes = Math.max(...batches.map(frameByteLength));
  const pools: ParquetPool[] = [];
  afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

  async function openWriters(count: number, uploadBytesMax: number) {
    const pool = new ParquetPool({ workerCount: 1, uploadBytesMax });
    pools.push(pool);
    const folder = await createTemporaryFolder();
    const files = await Promise.all(
      Array.from({ length: count }, (_, i) => TestFile.open(join(folder.path, String(i)), "wx+")),
    );
    const writers = files.map(
      (file) => new ParquetWriter(pool, file, decodeStorableSchema(schemaFrame!.header), { signal }),
    );
    return {
      pool,
      files,
      writers,
      async [Symbol.asyncDispose](): Promise<void> {
        await Promise.all(files.map((file) => file.close()));
        await folder[Symbol.asyncDispose]();
      },
    };
  }

  test("that are slow hold up nobody, and none holds more than may be but for one batch each", async () => {
    await using opened = await openWriters(8, 10 * batchBytes);
    const { pool, files, writers } = opened;
    const peak = vi.spyOn(pool.uploads, "add");
    let peakBytes = 0;
    peak.mockImplementation(function (this: UploadBudget, ...args) {
      UploadBudget.prototype.add.apply(this, args);
      peakBytes = Math.max(peakBytes, this.heldBytes);
    });
    // Seven bring two batches each and then nothing for a while; the eighth brings all of its own meanwhile.
    const [busy, ...slow] = writers;
    for (const writer of slow) for (const batch of batches.slice(0, 2)) await writer.write(batch);
    for (const batch of batches) await within("a busy writer's turn", busy!.write(batch));
    expect(await busy!.finish()).toMatchObject({ rowCount: 40_000n });
    for (const writer of slow) {
      for (const batch of batches.slice(2)) await writer.write(batch);
      expect(await writer.finish()).toMatchObject({ rowCount: 40_000n });
    }
    expect(peakBytes).toBeGreaterThan(9 * batchBytes);
    expect(peakBytes).toBeLessThanOrEqual(18 * batchBytes);
    expect(pool.uploads.heldBytes).toBe(0);
    for (const file of files) expect((await readParquetFacts(pool, file)).rowCount).toBe(40_000n);
  });

  test("go on also where each batch alone is larger than the budget", async () => {
    await using opened = await openWriters(2, 1);
    const written = opened.writers.map(async (writer) => {
      for (const batch of batches) await writer.write(batch);
      return writer.finish();
    });
    const both = await within("two writers to end", Promise.all(written));
    expect(both.map(({ rowCount }) => rowCount)).toEqual([40_000n, 40_000n]);
  });

  test("that are aborted, waiting or not, leave nothing in the budget", async () => {
    await using opened = await openWriters(2, 2 * batchBytes);
    const [first, second] = opened.writers;
    await first!.write(batches[0]!);
    await second!.write(batches[0]!);
    const failing = first!.write({ ...batches[1]!, body: [] }).catch(() => {});
    await Promise.all([failing, first!.abort(), second!.abort()]);
    expect(opened.pool.uploads.heldBytes).toBe(0);
    await first!.abort();
    expect(opened.pool.uploads.heldBytes).toBe(0);
  });
});
