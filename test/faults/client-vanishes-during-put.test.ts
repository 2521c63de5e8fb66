import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../support/folder.ts";
import { writeFixture } from "../support/fixture.ts";
import { listDatasets } from "../support/json-call.ts";
import { filesBelow, openFilesOf } from "../support/process-files.ts";
import { startHangar } from "../support/server.ts";
import { startCutPut, startSlowPut } from "../support/slow-client.ts";
import { waitUntil } from "../support/wait.ts";

describe("a client that vanishes during a put", () => {
  test("leaves no dataset and no file", async () => {
    await using server = await startHangar();
    await using client = await startSlowPut(server, "never.parquet");
    await expect.poll(() => filesBelow(server.repo)).toHaveLength(1);
    client.kill("SIGKILL");
    await waitUntil("the upload is gone", async () => (await filesBelow(server.repo)).length === 0);
    await waitUntil("its file is closed", async () => (await openFilesOf(server.child.pid, server.repo)).length === 0);
    expect(await listDatasets(server.url)).toEqual([]);
  });

  test("in its stream alone, at a deadline, leaves no dataset and no file either", async () => {
    await using server = await startHangar();
    await using folder = await createTemporaryFolder();
    await using client = await startCutPut(server, "never.parquet", join(folder.path, "go"));
    await expect.poll(() => filesBelow(server.repo)).toHaveLength(1);
    await client.waitFor(/cut/);
    await waitUntil("the upload is gone", async () => (await filesBelow(server.repo)).length === 0);
    await waitUntil("its file is closed", async () => (await openFilesOf(server.child.pid, server.repo)).length === 0);
    expect(await listDatasets(server.url)).toEqual([]);
  });

  test("leaves the version that was there", async () => {
    await using server = await startHangar();
    const path = join(server.repo, "kept.parquet");
    await writeFixture(path, 1000);
    const before = await readFile(path);
    await using client = await startSlowPut(server, "kept.parquet");
    client.kill("SIGKILL");
    await waitUntil("the upload is gone", async () => (await filesBelow(server.repo)).length === 1);
    expect(await readFile(path)).toEqual(before);
    expect(await listDatasets(server.url)).toEqual(["kept.parquet"]);
  });

  test("does not disturb another put", async () => {
    await using server = await startHangar();
    await using client = await startSlowPut(server, "never.parquet");
    await using other = await startSlowPut(server, "other.parquet");
    client.kill("SIGKILL");
    await waitUntil("the upload is gone", async () => (await filesBelow(server.repo)).length === 1);
    other.kill("SIGKILL");
    await waitUntil("both are gone", async () => (await filesBelow(server.repo)).length === 0);
  });
});
