import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { installFromApt, mustRun } from "./apt.ts";
import { cacheFolder } from "./cache.ts";
import { run } from "./run.ts";

/** What a Python program may need: the peers that most tests have, a DuckDB that reads by URL, or other people's clients. */
const requirementsFiles = {
  peers: join(import.meta.dirname, "../test/requirements.txt"),
  httpfs: join(import.meta.dirname, "../test/requirements-httpfs.txt"),
  clients: join(import.meta.dirname, "../test/requirements-clients.txt"),
} as const;

/**
 * The path of a Python interpreter that has what a file of requirements pins, test/requirements.txt by default.
 *
 * The first call makes a virtual environment in the user's cache folder, named by a hash of the requirements and
 * the interpreter's version; later calls, and other clones, find it there. Throws an Error that says which step
 * failed and what it printed.
 */
export async function ensurePython(name: keyof typeof requirementsFiles = "peers"): Promise<string> {
  const version = await run("python3", ["-VV"]);
  if (version.exitCode !== 0) await installFromApt(["python3", "python3-venv"]);
  const requirementsFile = requirementsFiles[name];
  const requirements = await readFile(requirementsFile, "utf8");
  const key = createHash("sha256").update(requirements).update(version.output).digest("hex").slice(0, 16);
  const folder = join(cacheFolder, `python-${key}`);
  if (!existsSync(folder)) {
    await makeEnvironment(folder, requirementsFile).catch((reason: unknown) => {
      throw new Error(`Python 3 with the packages of ${basename(requirementsFile)} could not be set up`, {
        cause: reason,
      });
    });
  }
  return join(folder, "bin/python");
}

/** Makes the environment beside its place and renames it there, so that a half-made one is never found. */
async function makeEnvironment(folder: string, requirementsFile: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  try {
    process.stderr.write(`Installing the Python packages of ${basename(requirementsFile)} into ${folder}, once.\n`);
    await createVenv(draft);
    await mustRun(join(draft, "bin/python"), ["-m", "pip", "install", "--quiet", "--requirement", requirementsFile]);
    // Another process may have been faster: then its environment stays, which is as good as this one.
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Debian keeps the part of `venv` that brings pip in a package of its own. */
async function createVenv(folder: string): Promise<void> {
  const plain = await run("python3", ["-m", "venv", folder]);
  if (plain.exitCode === 0) return;
  await installFromApt(["python3-venv"]);
  await mustRun("python3", ["-m", "venv", "--clear", folder]);
}

if (import.meta.main) process.stdout.write(`${await ensurePython()}\n`);
