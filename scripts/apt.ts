import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { run } from "./run.ts";
import { whileLocked } from "./while-locked.ts";

/**
 * Installs Debian packages. Waits while another process does so, because apt-get itself fails then. Throws an Error that
 * says what failed.
 */
export async function installFromApt(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await mkdir(cacheFolder, { recursive: true });
  await whileLocked(join(cacheFolder, "apt.lock"), async () => {
    await mustRun("apt-get", ["update", "--quiet"], env);
    await mustRun("apt-get", ["install", "--quiet", "--yes", "--no-install-recommends", ...packages], env);
  });
}

/** Runs a command and gives what it printed, or throws an Error with the command, its exit code and that. */
export async function mustRun(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, output } = await run(command, args, env);
  if (exitCode === 0) return output;
  throw new Error(`this step failed (exit code ${exitCode}): ${command} ${args.join(" ")}\n${output}`);
}

/** Makes sure that programs are there, each by its Debian package of the same name. */
export async function ensurePrograms(names: readonly string[]): Promise<void> {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) await installFromApt(missing);
}

/** The path of a program; undefined where it is not installed. Daemons are found as well, which are not on a user's path. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
