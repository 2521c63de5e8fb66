import { lstat, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createCommandDescriptor, createFrame, type FlightFrame } from "../../../src/flight/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import type { DatasetStore } from "../../../src/store/index.ts";
import { openFolderStore } from "../../support/folder-store.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { collect, failureOf, get, put, silentStreamOf, streamOf } from "../../contract/calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../../contract/tables.ts";
import { createTemporaryFolder } from "../../support/folder.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

async function openStore() {
  const folder = await createTemporaryFolder();
  const store = await openFolderStore({ folder: folder.path, pool });
  return {
    store,
    folder: folder.path,
    async [Symbol.asyncDispose](): Promise<void> {
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Puts frames with the mode in a header. */
async function putBy(store: DatasetStore, header: string | undefined, frames: AsyncIterable<FlightFrame>) {
  const context = createTestContext();
  if (header !== undefined) context.requestHeader.set("hangar-put-mode", header);
  await collect(store.doPut!(context, frames));
}

/** The frames of a put whose descriptor is a command. */
function commanded(command: string, seed: number): FlightFrame[] {
  const [first, ...rest] = toPutFrames(["not used"], createTable(seed));
  return [createFrame({ ...first, descriptor: createCommandDescriptor(command) }), ...rest];
}

const paths = (seed: number): FlightFrame[] => toPutFrames(["folder", "a"], createTable(seed));
const inPlace = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);

describe("a put that creates", () => {
  const exists = { code: "already_exists", message: 'dataset "folder/a" already exists' };

  test.each<[title: string, create: (store: DatasetStore, seed: number) => Promise<void>]>([
    ["by a header", (store, seed) => putBy(store, "create", streamOf(paths(seed)))],
    [
      "by a command",
      (store, seed) => putBy(store, undefined, streamOf(commanded('{"dataset":"folder/a","mode":"create"}', seed))),
    ],
    [
      "by both",
      (store, seed) => putBy(store, "create", streamOf(commanded('{"dataset":"folder/a","mode":"create"}', seed))),
    ],
  ])("%s: once, and then is ALREADY_EXISTS and leaves what was there", async (_, create) => {
    await using opened = await openStore();
    await create(opened.store, 1);
    expect(await failureOf(create(opened.store, 2))).toEqual(exists);
    expect(toRows(await get(opened.store, "folder/a"))).toEqual(contentOf(createTable(1)));
    expect(await inPlace(opened.folder)).toEqual(["a"]);
  });

  test("is refused before its data is read where the dataset is there", async () => {
    await using opened = await openStore();
    await put(opened.store, ["folder", "a"], createTable(1));
    expect(await failureOf(putBy(opened.store, "create", silentStreamOf(paths(2))))).toEqual(exists);
  });

  test("has one winner among many, in two stores on one folder, and the others are told so", async () => {
    await using opened = await openStore();
    const other = await openFolderStore({ folder: opened.folder, pool });
    const seeds = Array.from({ length: 32 }, (_, i) => i + 1);
    const outcomes = await Promise.allSettled(
      seeds.map((seed) => putBy(seed % 2 === 0 ? opened.store : other, "create", streamOf(paths(seed)))),
    );
    const winners = seeds.filter((_, i) => outcomes[i]!.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject(exists);
    expect(toRows(await get(opened.store, "folder/a"))).toEqual(contentOf(createTable(winners[0]!)));
    expect(await inPlace(opened.folder)).toEqual(["a"]);
    await other.close();
  });

  test.each<[what: string, make: (path: string) => Promise<unknown>, code: string]>([
    ["a file", (path) => writeFile(path, "another tool's"), "already_exists"],
    ["a folder", (path) => mkdir(path).then(() => writeFile(join(path, "file"), "")), "failed_precondition"],
    ["a link", (path) => symlink("nowhere", path), "failed_precondition"],
  ])("does not replace %s that another tool puts there meanwhile", async (_, make, code) => {
    await using opened = await openStore();
    const path = join(opened.folder, "folder/a");
    async function* frames(): AsyncGenerator<FlightFrame> {
      yield* paths(1);
      await mkdir(join(opened.folder, "folder"));
      await make(path);
    }
    expect((await failureOf(putBy(opened.store, "create", frames()))).code).toBe(code);
    expect((await lstat(path)).size).not.toBe(0);
    expect(await inPlace(join(opened.folder, ".hangar"))).toEqual([]);
  });
});

describe("a put that appends", () => {
  test.each([
    ["append", { dataset: "folder", id: "x" }],
    [undefined, { dataset: "folder", mode: "append", id: "x" }],
  ])("by the header %s and the command %j", async (header, command) => {
    await using opened = await openStore();
    for (const seed of [1, 2]) await putBy(opened.store, header, streamOf(commanded(JSON.stringify(command), seed)));
    expect(toRows(await get(opened.store, "folder/x.parquet"))).toEqual(contentOf(createTable(1)));
    expect(await inPlace(opened.folder)).toEqual(["x.parquet"]);
  });

  test("to a dataset is FAILED_PRECONDITION, and is INVALID_ARGUMENT by two ids", async () => {
    await using opened = await openStore();
    await put(opened.store, ["folder"], createTable(1));
    expect(await failureOf(putBy(opened.store, "append", streamOf(toPutFrames(["folder"], createTable(2)))))).toEqual({
      code: "failed_precondition",
      message: expect.stringContaining('"folder" is a dataset, not a folder'),
    });
    const context = createTestContext({ header: { "idempotency-key": "y" } });
    const frames = streamOf(commanded('{"dataset":"folder","mode":"append","id":"x"}', 1));
    expect(await failureOf(collect(opened.store.doPut!(context, frames)))).toEqual({
      code: "invalid_argument",
      message: `the command's "id" is x, the header idempotency-key is y`,
    });
  });
});

describe("a put that replaces", () => {
  test.each([
    ["replace", '{"dataset":"folder/a"}'],
    [undefined, '{"dataset":"folder/a","mode":"replace"}'],
    [undefined, '{"dataset":"folder/a"}'],
  ])("by the header %s and the command %s", async (header, command) => {
    await using opened = await openStore();
    for (const seed of [1, 2]) await putBy(opened.store, header, streamOf(commanded(command, seed)));
    expect(toRows(await get(opened.store, "folder/a"))).toEqual(contentOf(createTable(2)));
  });
});

describe("a put that declares its rows", () => {
  const headed = (rows: string, frames: FlightFrame[]) => (store: DatasetStore) =>
    collect(store.doPut!(createTestContext({ header: { "hangar-row-count": rows } }), streamOf(frames)));
  const declaring = (rowCount: number): FlightFrame[] =>
    commanded(JSON.stringify({ dataset: "folder/a", rowCount }), 1);

  test.each([
    [
      "by a command",
      (store: DatasetStore) => putBy(store, undefined, streamOf(declaring(13))),
      "13 rows, but 12 arrived",
    ],
    ["by a command that has both", headed("11", declaring(11)), "11 rows, but 12 arrived"],
    ["by two numbers", headed("12", declaring(13)), "is 13, the header hangar-row-count is 12"],
  ])("%s is refused where others came, and leaves nothing", async (_, put, words) => {
    await using opened = await openStore();
    await putBy(opened.store, undefined, streamOf(declaring(12)));
    const before = toRows(await get(opened.store, "folder/a"));
    expect(await failureOf(put(opened.store))).toEqual({
      code: "invalid_argument",
      message: expect.stringContaining(words),
    });
    expect(toRows(await get(opened.store, "folder/a"))).toEqual(before);
    expect(await inPlace(join(opened.folder, ".hangar"))).toEqual([]);
  });
});

describe("a put", () => {
  test.each([
    ["upsert", undefined, "the header hangar-put-mode must be create, replace or append"],
    ["", undefined, "the header hangar-put-mode must be create, replace or append"],
    ["Create", undefined, "the header hangar-put-mode must be create, replace or append"],
    [undefined, '{"dataset":"a","mode":"upsert"}', `the command's "mode" must be "create", "replace" or "append"`],
    [undefined, '{"dataset":"a","id":"x"}', `the command's "id" is for the mode append, but the mode is replace`],
    [undefined, '{"dataset":"a","mode":"append","id":"a/b"}', expect.stringContaining("cannot identify an append")],
    ["append", '{"dataset":"a","id":7}', `the command's "id" must be a string`],
    [undefined, '{"dataset":"a","columns":["x"]}', 'the command has an unknown field "columns"'],
    [undefined, "SELECT 1", "the command is not JSON in UTF-8"],
    [
      "replace",
      '{"dataset":"a","mode":"create"}',
      `the command's "mode" is create, the header hangar-put-mode is replace`,
    ],
  ])(
    "with the header %s and the command %s is INVALID_ARGUMENT before its data is read",
    async (header, command, message) => {
      await using opened = await openStore();
      const frames = command === undefined ? paths(1) : commanded(command, 1);
      expect(await failureOf(putBy(opened.store, header, silentStreamOf(frames)))).toEqual({
        code: "invalid_argument",
        message,
      });
      expect(await inPlace(opened.folder)).toEqual([]);
    },
  );
});
