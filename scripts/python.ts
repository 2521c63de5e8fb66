import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { installFromApt, mustRun } from "./apt.ts";
import { ensureCachedFolder } from "./cached-folder.ts";
import { run } from "./run.ts";

/** What a Python program may need: the peers that most tests have, a DuckDB that reads by URL, other people's clients and servers, or Envoy. */
const requirementsFiles = {
  peers: join(import.meta.dirname, "../test/requirements.txt"),
  httpfs: join(import.meta.dirname, "../test/requirements-httpfs.txt"),
  clients: join(import.meta.dirname, "../test/requirements-clients.txt"),
  servers: join(import.meta.dirname, "../test/requirements-servers.txt"),
  operation: join(import.meta.dirname, "../test/requirements-operation.txt"),
} as const;

/**
 * Returns the path of a Python interpreter with the packages of a requirements file, test/requirements.txt by default. The
 * first call creates a virtual environment in the user's cache folder. Throws an Error with the step that failed and its
 * output.
 */
export async function ensurePython(name: keyof typeof requirementsFiles = "peers"): Promise<string> {
  const version = await run("python3", ["-VV"]);
  if (version.exitCode !== 0) await installFromApt(["python3", "python3-venv"]);
  const requirementsFile = requirementsFiles[name];
  const requirements = await readFile(requirementsFile, "utf8");
  const key = createHash("sha256").update(requirements).update(version.output).digest("hex").slice(0, 16);
  const folder = await ensureCachedFolder({
    name: `python-${key}`,
    title: `the Python packages of ${basename(requirementsFile)}`,
    async build(draft) {
      await createVenv(draft);
      const python = join(draft, "bin/python");
      await mustRun(python, ["-m", "pip", "install", "--quiet", "--requirement", requirementsFile]);
    },
  });
  return join(folder, "bin/python");
}

/** Debian keeps the part of `venv` that brings pip in a package of its own. */
async function createVenv(folder: string): Promise<void> {
  const plain = await run("python3", ["-m", "venv", folder]);
  if (plain.exitCode === 0) return;
  await installFromApt(["python3-venv"]);
  await mustRun("python3", ["-m", "venv", "--clear", folder]);
}

if (import.meta.main) process.stdout.write(`${await ensurePython()}\n`);
