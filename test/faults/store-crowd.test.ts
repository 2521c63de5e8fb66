import { join } from "node:path";
import { expect, test } from "vitest";
import { toFlightError } from "../../src/flight/index.ts";
import { ParquetPool } from "../../src/parquet/index.ts";
import type { DatasetStore } from "../../src/store/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { drop, get, list } from "../contract/calls.ts";
import { contentOf, createTable, toRows } from "../contract/tables.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { filesBelow } from "../support/process-files.ts";
import { waitUntil } from "../support/wait.ts";

const writersPerServer = 32;
const readerCount = 8;
const dropperCount = 2;
const name = "folder/a";

/** What was read of the name: the seeds of whole tables, and how often there was none. */
interface Seen {
  readonly seeds: Set<number>;
  missingCount: number;
}

/** Reads the name once; fails where it is neither missing nor the whole table of one of the writers. */
async function readOnce(store: DatasetStore, seen: Seen): Promise<void> {
  const frames = await get(store, name).catch((reason: unknown) => {
    expect(toFlightError(reason)).toMatchObject({ code: "not_found" });
  });
  if (frames === undefined) {
    seen.missingCount += 1;
    return;
  }
  const { rows, columns } = toRows(frames);
  const seed = Number((rows[0] as { id: bigint }).id / 1_000_000n);
  expect({ rows, columns }).toEqual(contentOf(createTable(seed)));
  seen.seeds.add(seed);
}

async function dropOnce(store: DatasetStore): Promise<void> {
  await drop(store, name).catch((reason: unknown) => {
    expect(toFlightError(reason)).toMatchObject({ code: "not_found" });
  });
  await new Promise((resolve) => setTimeout(resolve, 50));
}

test("sixty-four writers of one name, in two servers on one folder, with readers and droppers: no torn read", async () => {
  await using folder = await createTemporaryFolder();
  const pool = new ParquetPool({ workerCount: 1 });
  const store = await openFolderStore({ folder: folder.path, pool });
  const program = join(import.meta.dirname, "store-writers.ts");
  const start = (first: number) =>
    startChild(process.execPath, [program, folder.path, name, String(first), String(writersPerServer)]);
  await using one = start(1);
  await using other = start(1 + writersPerServer);

  const seen: Seen = { seeds: new Set(), missingCount: 0 };
  const over = new AbortController();
  const again = async (act: () => Promise<void>): Promise<void> => {
    while (!over.signal.aborted) await act();
  };
  const readers = Array.from({ length: readerCount }, () => again(() => readOnce(store, seen)));
  const droppers = Array.from({ length: dropperCount }, () => again(() => dropOnce(store)));
  const write = async (): Promise<void> => {
    await Promise.all([one.waitFor(/writing/), other.waitFor(/writing/)]);
    await waitUntil(
      "readers have met several writers' versions, and gaps between a drop and the next put",
      () => seen.seeds.size > 4 && seen.missingCount > 0,
    );
    for (const each of [one, other]) each.kill("SIGTERM");
    await Promise.all([one.waitFor(/done/), other.waitFor(/done/)]);
  };
  await Promise.all([write().finally(() => over.abort()), ...readers, ...droppers]);

  for (const left of await list(store)) await drop(store, left);
  expect(await filesBelow(folder.path)).toEqual([]);
  await store.close();
  await pool.close();
});
