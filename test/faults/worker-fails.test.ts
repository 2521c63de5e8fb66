import { describe, expect, test, vi } from "vitest";
import { ParquetPool } from "../../src/parquet/index.ts";
import { JobFailure } from "../../src/parquet/workers/worker-thread.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { failureOf, get, list, put } from "../contract/calls.ts";
import { contentOf, createTable, toRows } from "../contract/tables.ts";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.ts";

/** Puts by a server whose workers are well. */
async function putOld({ folder }: WatchedServer): Promise<void> {
  const pool = new ParquetPool({ workerCount: 1 });
  const store = await openFolderStore({ folder, pool });
  await put(store, ["a"], createTable(1));
  await store.close();
  await pool.close();
}

describe("a put and a get whose worker", () => {
  test("hangs end with DEADLINE_EXCEEDED, and leave the old version and nothing else", async () => {
    await using server = await startWatchedServer({ jobTimeoutMs: 1 });
    await putOld(server);
    expect(await failureOf(put(server.store, ["a"], createTable(2)))).toMatchObject({ code: "deadline_exceeded" });
    expect(await failureOf(get(server.store, "a"))).toMatchObject({ code: "deadline_exceeded" });
    await server.expectNothingHeld();
  });

  test.each([
    ["traps", "trapped", "invalid_argument", "data_loss"],
    ["has not enough memory", "exhausted", "resource_exhausted", "resource_exhausted"],
  ] as const)("%s fail alone, and leave the old version and nothing else", async (_what, reason, putCode, getCode) => {
    await using server = await startWatchedServer();
    await putOld(server);
    expect(await list(server.store)).toEqual(["a"]);
    const failing = vi.spyOn(server.pool, "run").mockRejectedValue(new JobFailure(reason, "unreachable"));
    expect(await failureOf(put(server.store, ["a"], createTable(2)))).toMatchObject({ code: putCode });
    expect(await failureOf(get(server.store, "a"))).toMatchObject({ code: getCode });
    failing.mockRestore();
    await server.expectNothingHeld();
    // The file is not blamed for it.
    expect(await list(server.store)).toEqual(["a"]);
    expect(toRows(await get(server.store, "a"))).toEqual(contentOf(createTable(1)));
    await put(server.store, ["a"], createTable(2));
    expect(toRows(await get(server.store, "a"))).toEqual(contentOf(createTable(2)));
    await server.expectNothingHeld();
  });
});
