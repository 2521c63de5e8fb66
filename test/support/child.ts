import { spawn } from "node:child_process";
import { once } from "node:events";
import { startMs, waitUntil, within } from "./wait.ts";

/** How a process ended. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that a test started and that ends with the test at the latest. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** What the process has printed up to now, standard error included. */
  output(): string;
  /** Standard output up to now, alone. */
  stdout(): string;
  /** Waits until the output matches; throws with the output when the process ends or patience does before that. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to this process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Waits for the end; throws when it takes longer than patience, or `limitMs`. */
  exit(limitMs?: number): Promise<Exit>;
}

/** Starts a process, without a shell and without standard input. */
export function startChild(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Child {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let output = "";
  let stdout = "";
  let exit: Exit | undefined;
  child.stdout.on("data", (chunk: Buffer) => ((stdout += chunk.toString()), (output += chunk.toString())));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.once("error", (error) => ((output += error.message), (exit = { exitCode: null, signal: null })));
  const ended = once(child, "close").then(([exitCode, signal]: (number | NodeJS.Signals | null)[]) => {
    return (exit = { exitCode, signal } as Exit);
  });
  // A command that cannot be started is reported by what waits for it.
  ended.catch(() => {});
  const what = `${command} ${args.join(" ")}`;
  return {
    pid: child.pid ?? -1,
    output: () => output,
    stdout: () => stdout,
    kill: (signal) => void child.kill(signal),
    exit: (limitMs) => within(`the end of ${what}`, ended, limitMs),
    async waitFor(pattern) {
      const isOver = (): boolean => pattern.test(output) || exit !== undefined;
      await waitUntil(`${what} prints ${pattern}`, isOver, startMs).catch(() => {});
      const match = pattern.exec(output);
      if (match === null) throw new Error(`${what} did not print ${pattern}, but:\n${output}`);
      return match;
    },
    async [Symbol.asyncDispose]() {
      if (exit !== undefined) return;
      child.kill("SIGKILL");
      await ended;
    },
  };
}
