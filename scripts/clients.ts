import { cp, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findProgram, installFromApt, mustRun } from "./apt.ts";
import { ensureCachedFolder, hashFolder } from "./cached-folder.ts";
import { ensureGo } from "./go-tools.ts";

const sourcesFolder = join(import.meta.dirname, "../test/clients");

/** How a client is built: out of a copy of its sources, in the copy. */
const builds = {
  go: buildGo,
  "go-sql": buildGo,
  async rust(folder: string) {
    // Debian's own Rust is older than the crates ask for; the one that it builds browsers with is not.
    if (findProgram("cargo") === undefined) await installFromApt(["cargo-web", "rustc-web", "gcc", "libc6-dev"]);
    await mustRun("cargo", ["build", "--locked", "--quiet", "--manifest-path", join(folder, "Cargo.toml")]);
    await rename(join(folder, "target/debug/hangar-rust-client"), join(folder, "client"));
    await rm(join(folder, "target"), { recursive: true });
  },
  async java(folder: string) {
    if (findProgram("javac") === undefined) await installFromApt(["default-jdk-headless"]);
    if (findProgram("mvn") === undefined) await installFromApt(["maven"]);
    await mustRun("mvn", ["--quiet", "--batch-mode", "--file", join(folder, "pom.xml"), "compile"]);
  },
  node: buildNode,
  "duckdb-wasm": buildNode,
} as const;

async function buildGo(folder: string): Promise<void> {
  const env = { GOTOOLCHAIN: "auto", GOFLAGS: "-modcacherw" };
  await mustRun(await ensureGo(), ["build", "-C", folder, "-o", "client", "."], env);
}

async function buildNode(folder: string): Promise<void> {
  await mustRun("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder]);
}

/** A client that is built of sources in a folder of test/clients. */
export type BuiltClient = keyof typeof builds;

/**
 * Returns the folder of a client. The first call builds it in the user's cache folder, and installs missing compilers with
 * apt-get. Throws an Error with the step that failed and its output.
 */
export async function ensureClient(name: BuiltClient): Promise<string> {
  const sources = join(sourcesFolder, name);
  return await ensureCachedFolder({
    name: `client-${name}-${await hashFolder(sources)}`,
    title: `the ${name} client of the tests`,
    async build(folder) {
      await cp(sources, folder, { recursive: true });
      await builds[name](folder);
    },
  });
}

/** A client that is a program; DuckDB-Wasm runs in a page. */
export type ClientProgram = Exclude<BuiltClient, "duckdb-wasm">;

/** How a program of a client is started: the command and the arguments that come before the program's own. */
export async function commandOf(
  name: Exclude<BuiltClient, "duckdb-wasm">,
  program: string,
): Promise<[string, string[]]> {
  const folder = await ensureClient(name);
  switch (name) {
    case "java": {
      const classPath = [join(folder, "target/classes"), join(folder, "target/dependency/*")].join(delimiter);
      // Arrow's memory reaches into java.nio, as its documentation asks for.
      return ["java", ["--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", classPath, program]];
    }
    case "node":
      return [process.execPath, [join(folder, program)]];
    case "go":
    case "go-sql":
    case "rust":
      return [join(folder, "client"), []];
  }
}
