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
  /** Waits until the whole lines match; throws with the output when the process ends or patience does before that. */
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
  child.stdout.setEncoding("utf8").on("data", (text: string) => ((stdout += text), (output += text)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
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
      // The rest of a line may be on its way: a number could be half of it.
      const find = (): RegExpExecArray | null =>
        pattern.exec(exit === undefined ? output.slice(0, output.lastIndexOf("\n") + 1) : output);
      const isOver = (): boolean => find() !== null || exit !== undefined;
      await waitUntil(`${what} prints ${pattern}`, isOver, startMs).catch(() => {});
      const match = find();
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
