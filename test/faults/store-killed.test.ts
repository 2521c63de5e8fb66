import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ParquetPool } from "../../src/parquet/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { drop, get, list, put } from "../contract/calls.ts";
import { contentOf, createTable, toRows } from "../contract/tables.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { filesBelow } from "../support/process-files.ts";

const program = join(import.meta.dirname, "store-stop-at.ts");
const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

/** What is there after a server was killed at a step: the version before the put, or the one that was put. */
type Outcome = "old" | "new";

const beforeCommit: [step: string, what: string, outcome: Outcome][] = [
  ["mkdir 1", "before its upload folder is there", "old"],
  ["open 1", "before its file is there", "old"],
  ["write 1", "before the first byte", "old"],
  ["write 2", "inside of the file", "old"],
  ["sync 1", "before the file is synced", "old"],
  ["mkdir 2", "before the folders of its name are there", "old"],
];
const afterCommit: [step: string, what: string, outcome: Outcome][] = [
  ["sync 2", "before the folder is synced", "new"],
  ["sync 3", "before the folder above is synced", "new"],
  ["acknowledged", "once it is acknowledged", "new"],
];

/** Kills a server that puts at a step, and starts another on what is left. */
async function expectAfterKill(folder: string, mode: string, step: string, outcome: Outcome): Promise<void> {
  await using server = startChild(process.execPath, [program, folder, "folder/a", mode, step]);
  await server.waitFor(new RegExp(step));
  server.kill("SIGKILL");
  await server.exit();

  const store = await openFolderStore({ folder, pool });
  const names = await list(store);
  const expected = { old: mode === "create" ? [] : ["folder/a"], new: ["folder/a"] }[outcome];
  expect(names).toEqual(expected);
  const table = createTable(outcome === "old" ? 1 : 2);
  for (const name of names) expect(toRows(await get(store, name))).toEqual(contentOf(table));
  expect(await filesBelow(folder)).toEqual(expected);
  // Nor do its folders stand in the way of a dataset of their name.
  if (names.length === 0) {
    await put(store, ["folder"], createTable(3));
    await drop(store, "folder");
  }
  await put(store, ["folder", "a"], createTable(3));
  expect(toRows(await get(store, "folder/a"))).toEqual(contentOf(createTable(3)));
  await store.close();
  expect(await filesBelow(folder)).toEqual(["folder/a"]);
}

describe("a server killed while it replaces a dataset", () => {
  test.each([...beforeCommit, ["rename 1", "before the rename", "old"] as const, ...afterCommit])(
    "%s, %s, leaves the %s version whole, and nothing else",
    async (step, _what, outcome) => {
      await using folder = await createTemporaryFolder();
      const store = await openFolderStore({ folder: folder.path, pool });
      await put(store, ["folder", "a"], createTable(1));
      await store.close();
      await expectAfterKill(folder.path, "replace", step, outcome);
    },
  );
});

describe("a server killed while it creates a dataset", () => {
  const linking = [
    ["link 1", "before the link", "old"],
    ["rm 1", "before its temporary name is removed", "new"],
  ] as const;
  test.each([...beforeCommit, ...linking, ...afterCommit])(
    "%s, %s, leaves nothing where it was not there, and all of it where it was: %s",
    async (step, _what, outcome) => {
      await using folder = await createTemporaryFolder();
      await expectAfterKill(folder.path, "create", step, outcome);
    },
  );
});
