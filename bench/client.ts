import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensurePython } from "../scripts/python.ts";

/** The pyarrow client in a process of its own, one and the same for all servers. */
export interface BenchClient extends AsyncDisposable {
  /** Bytes of the table in memory. */
  readonly byteLength: number;
  /** Runs a method of client.py's Bench against a server; gives the seconds that it took. Throws what it raised. */
  call(phase: string, location: string, options: Record<string, unknown>): Promise<number>;
}

/** One line of client.py. */
interface Answer {
  readonly bytes?: number;
  readonly seconds?: number;
  readonly error?: string;
}

/** Starts the client and has it make the table. */
export async function startClient(rowCount: number): Promise<BenchClient> {
  const program = join(import.meta.dirname, "client.py");
  const child = spawn(await ensurePython(), [program, String(rowCount)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function answer(): Promise<Answer> {
    const { done, value } = await lines.next();
    if (done) throw new Error("the bench's client ended before it answered");
    return JSON.parse(value) as Answer;
  }
  const table = await answer();
  return {
    byteLength: table.bytes ?? NaN,
    async call(phase, location, options) {
      child.stdin.write(`${JSON.stringify({ phase, location, options })}\n`);
      const { error, seconds } = await answer();
      if (error !== undefined) throw new Error(`${phase} against ${location} failed:\n${error}`);
      return seconds ?? NaN;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
