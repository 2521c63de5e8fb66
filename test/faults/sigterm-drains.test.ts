import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryFolder } from "../support/folder.ts";
import { writeFixture } from "../support/fixture.ts";
import { listDatasets } from "../support/json-call.ts";
import { startHangar } from "../support/server.ts";
import { startSlowGet } from "../support/slow-client.ts";
import { waitUntil } from "../support/wait.ts";

const rowCount = 4_000_000;

test("after SIGTERM a get that is under way comes to its end, nobody else comes in, and the exit code is 0", async () => {
  await using server = await startHangar();
  await using folder = await createTemporaryFolder();
  await writeFixture(join(server.repo, "long.parquet"), rowCount);
  const go = join(folder.path, "go");
  await using client = await startSlowGet(server, "long.parquet", go);
  server.child.kill("SIGTERM");
  await waitUntil("new connections are refused", () =>
    listDatasets(server.url).then(
      () => false,
      () => true,
    ),
  );
  await writeFile(go, "");
  await client.waitFor(new RegExp(`rows ${rowCount}\\b`));
  expect(await server.child.exit()).toEqual({ exitCode: 0, signal: null });
});

test("SIGTERM ends an idle server with exit code 0", async () => {
  await using server = await startHangar();
  server.child.kill("SIGTERM");
  expect(await server.child.exit()).toEqual({ exitCode: 0, signal: null });
});
