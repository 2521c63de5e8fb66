import { ensureGoTool, type GoTool } from "../../scripts/go-tools.ts";
import { startChild, type Child } from "./child.ts";

/** A server that Go built, in a process of its own. */
export interface GoServer extends AsyncDisposable {
  readonly child: Child;
  readonly port: number;
}

/** Starts a server of one of the Go tools on a free port of this machine. */
export async function startGoServer(tool: GoTool, ...args: string[]): Promise<GoServer> {
  return await startGoProgram(await ensureGoTool(tool), ...args);
}

/** Starts a server that takes its port as the Go tools do, and prints its address. */
export async function startGoProgram(program: string, ...args: string[]): Promise<GoServer> {
  const child = startChild(program, ["-port", "0", ...args]);
  try {
    const [, port] = await child.waitFor(/(?:localhost|127\.0\.0\.1|\[::1?\]):(\d+)/);
    return { child, port: Number(port), [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}
