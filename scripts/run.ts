import { spawn } from "node:child_process";

/** How a command ended, and what it printed. */
export interface CommandResult {
  /** The exit code; -1 where a signal ended the command or it could not be started. */
  readonly exitCode: number;
  /** Standard output and standard error in the order of arrival. */
  readonly output: string;
}

/** Runs a command to its end without standard input. Never rejects: a command that is missing is a result as well. */
export function run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    let output = "";
    const collect = (chunk: Buffer) => (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ exitCode: -1, output: error.message }));
    child.once("close", (exitCode) => resolve({ exitCode: exitCode ?? -1, output }));
  });
}
