import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { findProgram, installFromApt, mustRun } from "./apt.ts";
import { cacheFolder } from "./cache.ts";
import { ensureGo } from "./go-tools.ts";
import { whileLocked } from "./while-locked.ts";

const sourcesFolder = join(import.meta.dirname, "../test/clients");

/** How a client is built: out of a copy of its sources, in the copy. */
const builds = {
  async go(folder: string) {
    const env = { GOTOOLCHAIN: "auto", GOFLAGS: "-modcacherw" };
    await mustRun(await ensureGo(), ["build", "-C", folder, "-o", "client", "."], env);
  },
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
  async node(folder: string) {
    await mustRun("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder]);
  },
} as const;

/** A client that is built of sources in a folder of test/clients. */
export type BuiltClient = keyof typeof builds;

/**
 * The folder of a client, built.
 *
 * The first call builds it into the user's cache folder, named by a hash of its sources and lock files; later calls,
 * and other clones, find it there, and calls meanwhile, in other processes as well, wait for that build. Compilers that are missing are installed by apt-get. Throws an Error that says which
 * step failed and what it printed.
 */
export async function ensureClient(name: BuiltClient): Promise<string> {
  const sources = join(sourcesFolder, name);
  const folder = join(cacheFolder, `client-${name}-${await hashOf(sources)}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder, { recursive: true });
  await whileLocked(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    await build(name, folder).catch((reason: unknown) => {
      throw new Error(`the ${name} client, which the tests need, could not be built`, { cause: reason });
    });
  });
  return folder;
}

/** Builds beside the folder's place and renames, so that a half-built client is never found. */
async function build(name: BuiltClient, folder: string): Promise<void> {
  const draft = await mkdtemp(`${folder}-`);
  try {
    process.stderr.write(`Building the ${name} client into ${folder}, once.\n`);
    await cp(join(sourcesFolder, name), draft, { recursive: true });
    await builds[name](draft);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** How a program of a client is started: the command and the arguments that come before the program's own. */
export async function commandOf(name: BuiltClient, program: string): Promise<[string, string[]]> {
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
    case "rust":
      return [join(folder, "client"), []];
  }
}

async function hashOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(file.slice(folder.length)).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
