import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { passwordVariable } from "./credential-flags.ts";
import { UsageError } from "./exit-code.ts";

/** The maximum length of a password from standard input, in bytes. Longer input is not a password. */
const passwordBytesMax = 4096;

/**
 * Requests a password on the terminal. The input is not shown.
 *
 * @param signal - cancels the request
 */
export async function askPassword(question: string, signal?: AbortSignal): Promise<string> {
  if (!process.stdin.isTTY)
    throw new UsageError(`cannot ask for the password: standard input is not a terminal; set ${passwordVariable}`);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const questions = createInterface({ input: process.stdin, output: silent, terminal: true });
  // While a terminal is read, Ctrl-C goes to the reader.
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

/** Reads a new password: twice from a terminal, otherwise the first line of standard input. */
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
