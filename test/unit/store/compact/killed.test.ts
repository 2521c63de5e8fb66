import { setImmediate } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Int64, Table, vectorFromArray } from "apache-arrow";
import { afterAll, expect, test, vi } from "vitest";
import { appendedName, encodeCompactCommand, type DatasetName } from "../../../../src/dataset/index.ts";
import { ActionSchema } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { ParquetPool } from "../../../../src/parquet/index.ts";
import { createMemoryStorage, silentLog, type Storage, type Upload } from "../../../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../../../src/store/index.ts";
import { leftOverAgeMs } from "../../../../src/store/limits.ts";
import { createTestContext } from "../../../contract/call-context.ts";
import { collect, get, put } from "../../../contract/calls.ts";
import { toRows } from "../../../contract/tables.ts";

/** Two servers over one storage append, read and compact at the same time, and one of them is killed at any point. */

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

/** The rounds, each with a kill. `HANGAR_KILL_ROUNDS` lengthens the search. */
const roundCount = Number(process.env["HANGAR_KILL_ROUNDS"] ?? 60);
const seed = Number(process.env["HANGAR_SEARCH_SEED"] ?? 8);

/** Numbers from 0 (inclusive) to 1, always the same for a seed. Source: mulberry32. */
function randomOf(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The storage of a server that lives for a number of calls. Each call waits for some turns, so that servers take turns. */
function mortal(storage: Storage, random: () => number, life = Infinity): Storage {
  let left = life;
  const act = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns--) await setImmediate();
    if (left-- <= 0) throw new Error("the server was killed");
    return await call();
  };
  const toUpload = (upload: Upload): Upload => ({
    append: async (bytes) => await act(() => upload.append(bytes)),
    reopen: async () => await upload.reopen(),
    commit: async () => await act(() => upload.commit()),
    discard: async () => await upload.discard(),
  });
  return {
    listedAfterMs: storage.listedAfterMs,
    list: (options) => storage.list(options),
    stat: async (name) => await act(() => storage.stat(name)),
    open: async (name) => await act(() => storage.open(name)),
    create: async (...args) => toUpload(await act(() => storage.create(...args))),
    createScratch: async () => await storage.createScratch(),
    assertPlaceable: async (placement) => await storage.assertPlaceable(placement),
    drop: async (...args) => await act(() => storage.drop(...args)),
    isReachable: async (signal) => await storage.isReachable(signal),
    close: async () => {},
  };
}

async function compact(by: DatasetStore): Promise<void> {
  const body = encodeCompactCommand({ folder: "s" });
  await collect(by.doAction!(createTestContext(), create(ActionSchema, { type: "compact_folder", body })));
}

const append = async (to: DatasetStore, value: number): Promise<void> => {
  const table = new Table({ n: vectorFromArray([BigInt(value), BigInt(-value)], new Int64()) });
  await put(to, appendedName("s", `${value}`.padStart(6, "0")).split("/"), table);
};

/** The values that a read has, without those of a put whose end nobody knows. */
async function read(from: DatasetStore): Promise<number[]> {
  const { rows } = toRows(await get(from, "s/*"));
  return rows.map((row) => Number((row as { n: bigint }).n)).toSorted((a, b) => a - b);
}

const bothSigns = (values: readonly number[]): number[] =>
  values.flatMap((value) => [value, -value]).toSorted((a, b) => a - b);

test(`each read has every row once while one of two servers is killed at any point, from seed ${seed}`, async () => {
  const random = randomOf(seed);
  const storage = createMemoryStorage();
  const openStore = (life?: number): DatasetStore =>
    createDatasetStore({ storage: mortal(storage, random, life), pool, log: silentLog });
  const survivor = openStore();
  const stored: number[] = [];
  let next = 1;
  const appendSome = async (): Promise<void> => {
    for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
      await append(survivor, next);
      stored.push(next++);
    }
  };
  await appendSome();
  for (let round = 1; round <= roundCount; round++) {
    await appendSome();
    const killed = openStore(Math.floor(random() * 40));
    const work = Promise.allSettled([
      compact(killed),
      ...(random() < 0.5 ? [compact(survivor)] : []),
      ...(random() < 0.5 ? [compact(openStore(Math.floor(random() * 40)))] : []),
    ]);
    const done = new AbortController();
    void work.then(() => done.abort());
    const expected = bothSigns(stored);
    do {
      const values = await read(survivor).catch((reason: unknown) => {
        // A file was dropped during the read.
        expect(reason).toMatchObject({ code: "aborted" });
        return expected;
      });
      expect(values, `round ${round}`).toEqual(expected);
    } while (!done.signal.aborted);
    for (const each of [survivor, openStore()]) expect(await read(each), `round ${round}`).toEqual(expected);
    if (round % 3 === 0) vi.useFakeTimers({ now: Date.now() + leftOverAgeMs + 1000, toFake: ["Date"] });
  }
  vi.useFakeTimers({ now: Date.now() + leftOverAgeMs + 1000, toFake: ["Date"] });
  await compact(survivor);
  vi.useRealTimers();
  expect(await read(openStore())).toEqual(bothSigns(stored));
  const names: DatasetName[] = [];
  for await (const { name } of storage.list({ after: "" })) names.push(name);
  expect(names).toHaveLength(1);
  await storage.close();
}, 180_000);
