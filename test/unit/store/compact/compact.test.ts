import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { Int64, Table, tableFromArrays, vectorFromArray } from "apache-arrow";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { create } from "@bufbuild/protobuf";
import {
  encodeCompactCommand,
  isCompactedName,
  type CompactCommand,
  type CompactedFile,
  type DatasetName,
} from "../../../../src/dataset/index.ts";
import { ActionSchema } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { ParquetPool } from "../../../../src/parquet/index.ts";
import type { CallContext } from "../../../../src/producer/index.ts";
import { openFolderStorage, silentLog, type Storage } from "../../../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../../../src/store/index.ts";
import { leftOverAgeMs } from "../../../../src/store/limits.ts";
import { createTestContext } from "../../../contract/call-context.ts";
import { collect, drop, failureOf, get, list, put } from "../../../contract/calls.ts";
import { toRows } from "../../../contract/tables.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";
import { testStorages, type TestStorage } from "../../../support/storages.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());
afterEach(() => vi.useRealTimers());

const numbers = (...values: number[]): Table => new Table({ n: vectorFromArray(values.map(BigInt), new Int64()) });
const numbersOf = async (store: DatasetStore, name = "s/**"): Promise<number[]> =>
  toRows(await get(store, name)).rows.map((row) => Number((row as { n: bigint }).n));
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

async function compact(
  store: DatasetStore,
  command: CompactCommand,
  call: Partial<CallContext> = {},
): Promise<CompactedFile[]> {
  const action = create(ActionSchema, { type: "compact_folder", body: encodeCompactCommand(command) });
  const results = await collect(store.doAction!({ ...createTestContext(), ...call }, action));
  return results.map(({ body }) => JSON.parse(Buffer.from(body as Uint8Array).toString()) as CompactedFile);
}

/** The name of a compacted file that comes before all others. */
const firstName = `s/00000000-0000-7000-8000-000000000000-compacted.parquet` as DatasetName;

test("leaves out and drops old files of which only the rights were changed", async () => {
  await using folder = await createTemporaryFolder();
  const storage = await openFolderStorage({ folder: folder.path });
  const giveRights = async (rights: number): Promise<void> => await chmod(join(folder.path, "s/a"), rights);
  const openStore = (dropAfter: () => Promise<void>): DatasetStore => {
    const dropFile: Storage["drop"] = async (...args) => {
      await dropAfter();
      await storage.drop(...args);
    };
    const changed = Object.assign(Object.create(storage) as Storage, bound(storage), { drop: dropFile });
    return createDatasetStore({ storage: changed, pool, log: silentLog });
  };
  const store = openStore(() => Promise.reject(new Error("it was killed")));
  await put(store, ["s", "a"], numbers(1, 2));
  await put(store, ["s", "b"], numbers(3));
  await compact(store, { folder: "s" });
  await giveRights(0o640);
  expect(await numbersOf(store)).toEqual([1, 2, 3]);
  vi.useFakeTimers({ now: Date.now() + leftOverAgeMs + 1000, toFake: ["Date"] });
  let dropCount = 0;
  const other = openStore(async () => {
    if (++dropCount === 1) await giveRights(0o600);
  });
  await compact(other, { folder: "s" });
  expect(await list(other)).toHaveLength(1);
  expect(await numbersOf(other)).toEqual([1, 2, 3]);
  await storage.close();
});

describe.each(Object.entries(testStorages))("compacting over %s", (_, openStorage) => {
  let opened: TestStorage;
  let store: DatasetStore;
  const openStore = (changes: Partial<Storage> = {}, log = silentLog): DatasetStore => {
    const storage = Object.assign(Object.create(opened.storage) as Storage, bound(opened.storage), changes);
    return createDatasetStore({ storage, pool, log });
  };
  beforeEach(async () => {
    opened = await openStorage();
    store = openStore();
    await putAll({ "s/a": [1, 2], "s/b": [3], "s/p=1/c": [4], "s/p=1/d": [5], "s/e": [6] });
    return async () => {
      await opened[Symbol.asyncDispose]();
    };
  });
  const putAll = async (datasets: Readonly<Record<string, readonly number[]>>): Promise<void> => {
    for (const [name, values] of Object.entries(datasets)) await put(store, name.split("/"), numbers(...values));
  };
  /** A storage whose files stay, as if the process had ended before it dropped them. */
  const neverDrops = { drop: () => Promise.reject(new Error("it was killed")) };

  test("joins the files of a folder, without those in the folders in it", async () => {
    const [file, ...others] = await compact(store, { folder: "s" });
    expect(others).toEqual([]);
    expect(file).toMatchObject({ replaces: ["s/a", "s/b", "s/e"], rows: 4, bytes: expect.any(Number) });
    expect(await list(store)).toEqual(["s/p=1/c", "s/p=1/d", file!.dataset!].toSorted());
    expect(await numbersOf(store, "s/*")).toEqual([1, 2, 3, 6]);
    expect(await compact(store, { folder: "s" })).toEqual([]);
  });

  test("joins the files of each folder for itself, and again with new ones", async () => {
    expect((await compact(store, { folder: "s/**" })).map(({ replaces }) => replaces)).toEqual([
      ["s/a", "s/b", "s/e"],
      ["s/p=1/c", "s/p=1/d"],
    ]);
    await putAll({ "s/f": [7] });
    const [again] = await compact(store, { folder: "s" });
    expect(again!.rows).toBe(5);
    expect(sorted(await numbersOf(store, "s/*"))).toEqual([1, 2, 3, 6, 7]);
    expect(await list(store)).toHaveLength(2);
  });

  test("changes nothing for a dry run, and leaves young files", async () => {
    const before = await list(store);
    expect(await compact(store, { folder: "s", dryRun: true })).toEqual([
      { replaces: ["s/a", "s/b", "s/e"], rows: 4, bytesBefore: expect.any(Number) },
    ]);
    expect(await compact(store, { folder: "s", olderThanSeconds: 60 })).toEqual([]);
    expect(await list(store)).toEqual(before);
  });

  test("has one winner of two at once", async () => {
    const outcomes = await Promise.allSettled([compact(store, { folder: "s" }), compact(store, { folder: "s" })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const { reason } = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
    expect(reason).toMatchObject({ code: "aborted", message: 'another compaction of the folder "s" is running' });
    expect(await numbersOf(store, "s/*")).toEqual([1, 2, 3, 6]);
  });

  test("of two servers at once doubles and loses nothing", async () => {
    const outcomes = await Promise.allSettled([store, openStore()].map((each) => compact(each, { folder: "s" })));
    expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    for (const each of [store, openStore()]) expect(await numbersOf(each, "s/*")).toEqual([1, 2, 3, 6]);
  });

  test("that ends before it has dropped the old files shows no row twice, and the next one drops them", async () => {
    const [file] = await compact(openStore(neverDrops), { folder: "s" });
    expect(await list(store)).toHaveLength(6);
    expect(await numbersOf(store, "s/*")).toEqual([1, 2, 3, 6]);
    // The other compaction might still be at work.
    expect(await compact(store, { folder: "s" })).toEqual([]);
    expect(await list(store)).toHaveLength(6);
    vi.useFakeTimers({ now: Date.now() + leftOverAgeMs + 1000, toFake: ["Date"] });
    await putAll({ "s/f": [7] });
    const [again] = await compact(store, { folder: "s" });
    expect(again!.replaces).toEqual([file!.dataset!, "s/f"].toSorted());
    expect(await list(store)).toEqual([again!.dataset!, "s/p=1/c", "s/p=1/d"].toSorted());
    expect(sorted(await numbersOf(store, "s/*"))).toEqual([1, 2, 3, 6, 7]);
  });

  test("keeps a compacted file while another one is there, which came second to it and would count without it", async () => {
    const [second] = await compact(openStore(neverDrops), { folder: "s" });
    const file = await opened.storage.open(second!.dataset as DatasetName);
    const first = await opened.storage.create({ name: firstName, mode: "create" });
    await first.append(await file.read(0, file.version.byteLength));
    await first.commit();
    await file.close();
    for (const name of second!.replaces) await drop(store, name);
    await putAll({ "s/f": [7], "s/g": [8] });
    await compact(store, { folder: "s" });
    expect(sorted(await numbersOf(store, "s/*"))).toEqual([1, 2, 3, 6, 7, 8]);
    expect(await list(store)).toEqual(expect.arrayContaining([firstName, second!.dataset!]));
  });

  test("logs each old file that cannot be dropped", async () => {
    const warned: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => void warned.push(fields) };
    await compact(openStore(neverDrops, log), { folder: "s" });
    const err = new Error("it was killed");
    expect(warned).toEqual(["s/a", "s/b", "s/e"].map((dataset) => ({ dataset, err })));
    expect(await numbersOf(store, "s/*")).toEqual([1, 2, 3, 6]);
  });

  test("keeps files that were replaced, dropped or added meanwhile", async () => {
    let isFirst = true;
    const meddling = openStore({
      create: async (...args) => {
        const upload = await opened.storage.create(...args);
        if (isFirst && isCompactedName(args[0].name)) {
          isFirst = false;
          await putAll({ "s/a": [10], "s/new": [11] });
          await drop(store, "s/b");
        }
        return upload;
      },
    });
    expect(await failureOf(compact(meddling, { folder: "s" }))).toMatchObject({ code: "aborted" });
    expect(sorted(await numbersOf(store, "s/*"))).toEqual([6, 10, 11]);
    expect(await list(store)).toEqual(["s/a", "s/e", "s/new", "s/p=1/c", "s/p=1/d"]);
  });

  test("waits for a read that runs, which keeps what it reads", async () => {
    const reading = store.doGet!(createTestContext(), { ticket: Buffer.from("s/*") } as never)[Symbol.asyncIterator]();
    const frames = [(await reading.next()).value!];
    const compacting = compact(store, { folder: "s" });
    await expect.poll(() => list(store)).toHaveLength(6);
    for (let next = await reading.next(); next.done !== true; next = await reading.next()) frames.push(next.value);
    expect(toRows(frames).rows).toHaveLength(4);
    await compacting;
    expect(await list(store)).toHaveLength(3);
  });

  test("needs the rights to replace and drop every file, and none on files that may not be read", async () => {
    const mayChange = (name: string): boolean => name !== "s/b";
    expect(await failureOf(compact(store, { folder: "s" }, { mayChange }))).toEqual({
      code: "permission_denied",
      message: 'you need the rights "replace" and "drop" for dataset "s/b" to compact its folder',
    });
    const [file] = await compact(store, { folder: "s" }, { mayChange, mayRead: mayChange });
    expect(file!.replaces).toEqual(["s/a", "s/e"]);
    expect(sorted(await numbersOf(store, "s/*"))).toEqual([1, 2, 3, 6]);
  });

  test("joins files of other columns and dictionaries, and refuses files of other types", async () => {
    await put(store, ["d", "a"], tableFromArrays({ n: Int32Array.of(1), word: ["x"] }));
    await put(store, ["d", "b"], tableFromArrays({ n: Int32Array.of(2), word: ["y"] }));
    await put(store, ["d", "c"], tableFromArrays({ n: Int32Array.of(3) }));
    const before = toRows(await get(store, "d/*")).rows;
    expect(before).toHaveLength(3);
    await compact(store, { folder: "d" });
    expect(await list(store)).toHaveLength(6);
    expect(toRows(await get(store, "d/*")).rows).toEqual(before);
    await put(store, ["d", "z"], tableFromArrays({ n: ["text"] }));
    expect(await failureOf(compact(store, { folder: "d" }))).toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/column "n" is .* in "d\/.*" and .* in "d\/z"/),
    });
  });

  test("sorts the rows of the new file by a column", async () => {
    await put(store, ["o", "a"], tableFromArrays({ n: [3, 1, 2], word: ["c", "a", "b"] }));
    await put(store, ["o", "b"], tableFromArrays({ n: [2, 0], word: ["second", "z"], more: ["x", "y"] }));
    await compact(store, { folder: "o", sortBy: "n" });
    expect(toRows(await get(store, "o/*")).rows).toEqual([
      { n: 0, word: "z", more: "y" },
      { n: 1, word: "a", more: null },
      { n: 2, word: "b", more: null },
      { n: 2, word: "second", more: "x" },
      { n: 3, word: "c", more: null },
    ]);
    await put(store, ["o", "c"], tableFromArrays({ n: [1], word: ["d"] }));
    await compact(store, { folder: "o", sortBy: "word" });
    expect(toRows(await get(store, "o/*")).rows.map((row) => (row as { word: string }).word)).toEqual([
      "a",
      "b",
      "c",
      "d",
      "second",
      "z",
    ]);
  });

  test.each([true, false])("refuses to sort by a column that does not exist, in a dry run: %s", async (dryRun) => {
    expect(await failureOf(compact(store, { folder: "s", sortBy: "none", dryRun }))).toEqual({
      code: "invalid_argument",
      message: 'the files of the folder "s" cannot be sorted: the column "none" does not exist',
    });
  });

  test("joins the other folders if one cannot be joined, and names the one that was left", async () => {
    await put(store, ["s", "p=1", "c"], tableFromArrays({ n: ["text"] }));
    await putAll({ "s/p=2/f": [2], "s/p=2/g": [1] });
    const files: object[] = [];
    const action = create(ActionSchema, { type: "compact_folder", body: encodeCompactCommand({ folder: "s/**" }) });
    const results = store.doAction!(createTestContext(), action);
    const error = await failureOf(
      (async () => {
        for await (const { body } of results)
          files.push(JSON.parse(Buffer.from(body as Uint8Array).toString()) as object);
      })(),
    );
    expect(files).toEqual([
      expect.objectContaining({ replaces: ["s/a", "s/b", "s/e"] }),
      expect.objectContaining({ replaces: ["s/p=2/f", "s/p=2/g"] }),
    ]);
    expect(error).toEqual({
      code: "invalid_argument",
      message: expect.stringMatching(/^1 of 3 folders were left as they are: .*column "n" is .* in "s\/p=1\/c" and /),
    });
  });

  test("names ten of many folders that were left", async () => {
    for (let i = 10; i < 22; i++) await putAll({ [`m/${i}/a`]: [1], [`m/${i}/b`]: [2] });
    const { message } = await failureOf(compact(store, { folder: "m/**", sortBy: "none" }));
    expect(message).toMatch(/^12 of 12 folders were left as they are: /);
    expect(message).toMatch(/"m\/19" cannot be sorted: the column "none" does not exist; and 2 more$/);
  });

  test("keeps the order of rows if they are sorted by a partition column", async () => {
    await putAll({ "t/p=1/b": [2], "t/p=1/a": [3, 1] });
    const [file] = await compact(store, { folder: "t/**", sortBy: "p" });
    expect(file!.rows).toBe(3);
    expect(await numbersOf(store, "t/**")).toEqual([3, 1, 2]);
  });

  test.each([
    [{ folder: "nothing" }, "not_found", /the folder "nothing" has no datasets; "nothing\/\*\*" also means/],
    [{ folder: "../s" }, "invalid_argument", /cannot name a dataset/],
    [{ folder: "s", targetBytes: 1 }, "invalid_argument", /"targetBytes" must be a whole number/],
  ])("of %j is refused", async (command, code, message) => {
    expect(await failureOf(compact(store, command))).toEqual({ code, message: expect.stringMatching(message) });
  });

  test("a put cannot store a file that hides others", async () => {
    const [file] = await compact(openStore(neverDrops), { folder: "s" });
    const name = file!.dataset!;
    const call = createTestContext();
    const source = await store.files.openFile(call, name as never);
    const bytes = Buffer.concat(await collect(source.readBytes(0, source.byteLength)));
    await source.close();
    const putAs = async (as: string): Promise<unknown> =>
      await store.files.putFile(createTestContext(), {
        name: as as never,
        format: "parquet",
        condition: { isNew: true },
        chunks: (async function* () {
          yield bytes;
        })(),
      } as never);
    expect(await failureOf(putAs("s/mine-compacted.parquet"))).toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("only a compaction stores a file that replaces others"),
    });
    await putAs("t/mine.parquet");
    expect(await numbersOf(store, "t/*")).toEqual([1, 2, 3, 6]);
  });
});

/** The methods of a storage, which has private fields. */
function bound(storage: Storage): Partial<Storage> {
  const names = [
    "list",
    "stat",
    "open",
    "create",
    "createScratch",
    "assertPlaceable",
    "drop",
    "isReachable",
    "close",
  ] as const;
  return Object.fromEntries(names.map((name) => [name, storage[name].bind(storage)]));
}
