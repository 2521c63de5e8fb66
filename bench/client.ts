import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ensurePython } from "../scripts/python.ts";

/** What one request took. */
export interface Measured {
  readonly seconds: number;
  /** The bytes in Arrow that were put or got; NaN for other methods. */
  readonly byteLength: number;
}

/** The pyarrow client in a process of its own. All servers get the same one. */
export interface BenchClient extends AsyncDisposable {
  /** Rows of the usual table, and its bytes in Arrow. */
  readonly rowCount: number;
  readonly byteLength: number;
  readonly pyarrowVersion: string;
  /** Runs a method of client.py's Bench against a server. Returns the seconds of its calls. Throws what it raised. */
  call(method: string, location: string, options: Record<string, unknown>): Promise<number>;
  /** The same, with the bytes that were put or got. */
  measure(method: string, location: string, options: Record<string, unknown>): Promise<Measured>;
}

/** One line of client.py. */
interface Answer {
  readonly bytes?: number;
  readonly pyarrow?: string;
  readonly seconds?: number;
  readonly error?: string;
}

/** Starts the client. It makes the usual table, with so many rows. */
export async function startClient(rowCount: number): Promise<BenchClient> {
  const program = join(import.meta.dirname, "client.py");
  const child = spawn(await ensurePython(), [program, String(rowCount)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  async function answer(): Promise<Answer> {
    const { done, value } = await lines.next();
    if (done) throw new Error("the bench's client ended before it answered");
    return JSON.parse(value) as Answer;
  }
  const measure: BenchClient["measure"] = async (method, location, options) => {
    child.stdin.write(`${JSON.stringify({ method, location, options })}\n`);
    const { error, seconds = NaN, bytes = NaN } = await answer();
    if (error !== undefined) throw new Error(`${method} against ${location} failed:\n${error}`);
    return { seconds, byteLength: bytes };
  };
  const table = await answer();
  return {
    rowCount,
    byteLength: table.bytes ?? NaN,
    pyarrowVersion: table.pyarrow ?? "",
    call: async (...request) => (await measure(...request)).seconds,
    measure,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}
