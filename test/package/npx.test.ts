import { readdir, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../scripts/apt.ts";
import { ensureNode } from "../../scripts/node.ts";
import { connect } from "../../src/client-node/index.ts";
import { startChild, type Child } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { oldestNode, packPackage, tooOld, type PackedPackage } from "./installed.ts";

describe("npx hangar serve, in an empty folder", () => {
  let packed: PackedPackage;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    packed = await packPackage();
    folder = await createTemporaryFolder();
  }, 300_000);
  afterAll(async () => {
    await removeNpxFolder(packed.tarball);
    await folder[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  /** Runs the command of the README, with the packed package in the place of the published one. */
  async function startWithNpx(version: string): Promise<Child> {
    const node = version === process.versions.node ? process.execPath : await ensureNode(version);
    const path = `${dirname(node)}${delimiter}${process.env["PATH"]}`;
    const script = `cd "${folder.path}" && exec npx --yes --package "${packed.tarball}" hangar serve --port 0`;
    return startChild("bash", ["-c", script], { PATH: path, npm_config_prefer_offline: "true" });
  }

  test.each([[oldestNode], [process.versions.node]])(
    "serves on Node %s",
    async (version) => {
      await using server = await startWithNpx(version);
      const [location] = await server.waitFor(/grpc:\/\/127\.0\.0\.1:\d+/);
      const client = connect(location);
      await client.put("cities", tableFromArrays({ city: ["Lima"] }));
      client.close();
      expect(await readdir(folder.path)).toEqual(["datasets"]);
      expect(linesOf(server).join("\n")).not.toMatch(/warn|SyntaxError/);
      // npx does not forward signals to the server, whose log has its process id.
      const [, pid] = await server.waitFor(/"pid":(\d+)/);
      process.kill(Number(pid), "SIGTERM");
      await server.exit();
    },
    300_000,
  );

  test("says in one sentence that Node 20 is too old", async () => {
    await using server = await startWithNpx("20.19.0");
    expect(await server.exit(200_000)).toMatchObject({ exitCode: 1 });
    expect(linesOf(server)).toEqual([tooOld("20.19.0").trim(), ""]);
  }, 300_000);
});

/** What a server has printed, without what npm says, such as that it has fetched something once more. */
function linesOf(server: Child): string[] {
  return server
    .output()
    .split("\n")
    .filter((line) => !line.startsWith("npm "));
}

/** Removes what npx has installed for a tarball, which is in a cache folder of its own. */
async function removeNpxFolder(tarball: string): Promise<void> {
  const cache = (await mustRun("npm", ["config", "get", "cache"])).trim();
  for (const name of await readdir(join(cache, "_npx"))) {
    const manifest = await readFile(join(cache, "_npx", name, "package.json"), "utf8").catch(() => "");
    if (manifest.includes(tarball)) await rm(join(cache, "_npx", name), { recursive: true });
  }
}
