import { execFile } from "node:child_process";
import { copyFile, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../scripts/apt.ts";
import { ensureNode } from "../../scripts/node.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { installPackages, oldestNode, packPackage, recipeOutput, tooOld, type PackedPackage } from "./installed.ts";

const root = join(import.meta.dirname, "../..");
const compiler = join(root, "node_modules/.bin/tsc");

describe("the packed package, installed into an empty folder", () => {
  let packed: PackedPackage;
  let folder: TemporaryFolder;

  beforeAll(async () => {
    packed = await packPackage();
    folder = await createTemporaryFolder();
    await writeFile(join(folder.path, "package.json"), `{ "private": true, "type": "module" }\n`);
    await installPackages(folder.path, packed.tarball);
  }, 300_000);
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  test("brings apache-arrow, once", async () => {
    const files = await readdir(join(folder.path, "node_modules"), { recursive: true });
    expect(files.filter((file) => file.endsWith("apache-arrow/package.json"))).toEqual(["apache-arrow/package.json"]);
  });

  test("has neither tests nor sources in it", async () => {
    const entries = await readdir(join(folder.path, "node_modules/hangar"));
    expect(entries.toSorted()).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json", "proto"]);
  });

  test.each([[oldestNode], [process.versions.node]])(
    "serves, and runs the recipe, on Node %s",
    async (version) => {
      const node = version === process.versions.node ? process.execPath : await ensureNode(version);
      const hangar = join(folder.path, "node_modules/.bin/hangar");
      await using server = startChild(node, [hangar, "serve", "--port", "0", "--repo", join(folder.path, version)]);
      const [location] = await server.waitFor(/grpc:\/\/127\.0\.0\.1:\d+/);
      const recipe = await readFile(join(root, "examples/recipe.ts"), "utf8");
      const program = join(folder.path, "recipe.mjs");
      await writeFile(program, recipe.replace("grpc://localhost:8815", location));
      const output = await mustRun(node, [program]);
      expect(output.trim()).toMatch(recipeOutput);
      expect(await readdir(join(folder.path, version))).not.toContain("uploaded.parquet");
    },
    300_000,
  );

  test.each([["18.20.8"], ["20.19.0"]])(
    "says in one line that Node %s is too old",
    async (version) => {
      const hangar = join(folder.path, "node_modules/.bin/hangar");
      const run = promisify(execFile)(await ensureNode(version), [hangar, "--version"]);
      await expect(run).rejects.toMatchObject({ code: 1, stdout: "", stderr: tooOld(version) });
    },
    300_000,
  );

  test.each(["node", "server", "store", "proxy", "auth"])(
    "importing hangar/%s says in one line that Node is too old",
    async (entry) => {
      const node = await ensureNode("20.19.0");
      const code = `import("hangar/${entry}").catch(({ message }) => console.log(message))`;
      const { stdout } = await promisify(execFile)(node, ["--eval", code], { cwd: folder.path });
      expect(stdout).toBe(tooOld("20.19.0"));
    },
    300_000,
  );

  test.each([
    ["node16", ["--module", "node16"]],
    ["nodenext", ["--module", "nodenext"]],
    ["bundler", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("has types that a strict compiler takes whole, with module resolution %s", async (_title, options) => {
    const program = join(folder.path, "consumer.ts");
    await copyFile(join(import.meta.dirname, "consumer.ts"), program);
    const lib = ["--lib", "ES2024,ESNext.Disposable,DOM,DOM.Iterable,DOM.AsyncIterable"];
    await mustRun(compiler, ["--ignoreConfig", "--noEmit", "--strict", ...lib, ...options, program]);
  });

  test("is found well made by publint and by attw", async () => {
    await mustRun(join(root, "node_modules/.bin/publint"), ["run", packed.tarball, "--strict"]);
    const attw = join(root, "node_modules/.bin/attw");
    await mustRun(attw, [packed.tarball, "--profile", "esm-only", "--no-definitely-typed"]);
  });
});
