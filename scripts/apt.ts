import { run } from "./run.ts";

/** Installs Debian packages. Throws an Error that says what failed. */
export async function installFromApt(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await mustRun("apt-get", ["update", "--quiet"], env);
  await mustRun("apt-get", ["install", "--quiet", "--yes", "--no-install-recommends", ...packages], env);
}

/** Runs a command and gives what it printed, or throws an Error with the command, its exit code and that. */
export async function mustRun(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { exitCode, output } = await run(command, args, env);
  if (exitCode === 0) return output;
  throw new Error(`this step failed (exit code ${exitCode}): ${command} ${args.join(" ")}\n${output}`);
}

/** Makes sure that a program is there, by its Debian package of the same name. */
export async function ensureProgram(name: string): Promise<void> {
  const { exitCode } = await run(name, ["--version"]);
  if (exitCode !== 0) await installFromApt([name]);
}
