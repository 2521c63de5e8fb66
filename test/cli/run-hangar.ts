import { spawn } from "node:child_process";
import { once } from "node:events";
import { hangarProgram } from "../support/server.ts";
import { within } from "../support/wait.ts";

/** How a command ended, and what it printed. */
export interface CommandRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command is run with. */
export interface RunOptions {
  readonly url: string;
  readonly cwd?: string | undefined;
  /** Environment variables besides those of the tests. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Standard input; none where it is left out. */
  readonly input?: Uint8Array | undefined;
}

/** Runs `hangar` to its end. */
export async function runHangar(args: readonly string[], { url, cwd, env, input }: RunOptions): Promise<CommandRun> {
  const variables = { ...process.env, HANGAR_URL: url, ...env };
  const child = spawn(process.execPath, [hangarProgram, ...args], { env: variables, cwd, stdio: "pipe" });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const what = `hangar ${args.join(" ")}`;
  const [[exitCode], [stdout, stderr]] = await within(what, Promise.all([once(child, "close"), output]));
  return { exitCode: exitCode as number | null, stdout, stderr };
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}
