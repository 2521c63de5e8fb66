import { join } from "node:path";
import { ensurePython } from "../../scripts/python.ts";
import { startChild, type Child } from "./child.ts";
import type { TestServer } from "./server.ts";

const program = join(import.meta.dirname, "slow-client.py");

/** Starts a put that goes on for ever; resolves when the server has acknowledged some of it. */
export function startSlowPut(server: TestServer, name: string): Promise<Child> {
  return start("put", server.location, name);
}

/**
 * Starts a put whose deadline passes in the middle, so that the client resets its stream; it keeps the connection
 * until there is a file `goFile`. Resolves when the server has acknowledged some of it; the client prints `cut`.
 */
export function startCutPut(server: TestServer, name: string, goFile: string): Promise<Child> {
  return start("cut", server.location, name, goFile);
}

/** Starts a get that pauses after its first batch until there is a file `goFile`; resolves when it pauses. */
export function startSlowGet(server: Pick<TestServer, "location">, name: string, goFile: string): Promise<Child> {
  return start("get", server.location, name, goFile);
}

async function start(...args: string[]): Promise<Child> {
  const child = startChild(await ensurePython(), [program, ...args]);
  try {
    await child.waitFor(/under way/);
    return child;
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
