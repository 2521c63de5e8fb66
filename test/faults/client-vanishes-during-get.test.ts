import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../support/folder.ts";
import { writeFixture } from "../support/fixture.ts";
import { listDatasets } from "../support/json-call.ts";
import { openFilesOf } from "../support/process-files.ts";
import { startHangar } from "../support/server.ts";
import { startSlowGet } from "../support/slow-client.ts";
import { waitUntil } from "../support/wait.ts";

// More than fits into the windows and buffers between a server and a client that pauses.
const rowCount = 4_000_000;

test("a client that vanishes during a get leaves no file open, and other readers go on", async () => {
  await using server = await startHangar();
  await using folder = await createTemporaryFolder();
  await writeFixture(join(server.repo, "long.parquet"), rowCount);
  const go = join(folder.path, "go");
  await using vanishing = await startSlowGet(server, "long.parquet", go);
  await using staying = await startSlowGet(server, "long.parquet", go);
  const openBefore = (await openFilesOf(server.child.pid, server.repo)).length;
  expect(openBefore).toBeGreaterThanOrEqual(2);
  vanishing.kill("SIGKILL");
  await waitUntil(
    "the reader's file is closed",
    async () => (await openFilesOf(server.child.pid, server.repo)).length < openBefore,
  );
  await writeFile(go, "");
  await staying.waitFor(new RegExp(`rows ${rowCount}\\b`));
  await waitUntil("all files are closed", async () => (await openFilesOf(server.child.pid, server.repo)).length === 0);
  expect(await listDatasets(server.url)).toEqual(["long.parquet"]);
});
