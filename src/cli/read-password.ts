import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "./exit-code.ts";

/** Bytes of a password that comes on standard input: none is that long, and something else is on the line. */
const passwordBytesMax = 4096;

/**
 * Requests a password on the terminal. The input is not shown.
 *
 * @param signal - cancels the request
 */
export async function askPassword(question: string, signal?: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError("cannot ask for the password: standard input is not a terminal");
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const questions = createInterface({ input: process.stdin, output: silent, terminal: true });
  // A terminal that is being read gives Ctrl-C to its reader.
  questions.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  const closed = new Promise<never>((_resolve, reject) => {
    questions.once("close", () => reject(new UsageError("there is no password")));
  });
  process.stderr.write(question);
  try {
    const answer = await Promise.race([questions.question("", signal ? { signal } : {}), closed]);
    return asPassword(answer);
  } finally {
    closed.catch(() => {});
    questions.close();
    process.stderr.write("\n");
  }
}

/** A password that is to be: asked for twice on a terminal, else the first line of standard input. */
export async function readNewPassword(): Promise<string> {
  if (!process.stdin.isTTY) return asPassword(await readStandardInput());
  const password = await askPassword("Password: ");
  if ((await askPassword("Again: ")) !== password) throw new UsageError("the two passwords differ");
  return password;
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let byteLength = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    byteLength += chunk.byteLength;
    if (byteLength > passwordBytesMax) throw new UsageError(`a password has at most ${passwordBytesMax} bytes`);
  }
  return Buffer.concat(chunks)
    .toString()
    .replace(/\r?\n$/, "");
}

function asPassword(text: string): string {
  if (text === "") throw new UsageError("the password is empty");
  if (/[\r\n]/.test(text)) throw new UsageError("a password is one line");
  return text;
}
