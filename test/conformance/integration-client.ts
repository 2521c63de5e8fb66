import { execFile } from "node:child_process";
import { ensureGoTool } from "../../scripts/go-tools.ts";

/** How long the client may take, on a busy machine too; it tries three times, with pauses, before it gives up. */
const limitMs = 120_000;

/** How a run of the client ended. */
export interface ClientRun {
  /** 0 where all was as it expected; null where it was stopped after its time. */
  readonly exitCode: number | null;
  /** What it printed. */
  readonly output: string;
}

/** Runs the official integration client of Arrow Flight, as the Go implementation has it, against a port of this machine. */
export async function runIntegrationClient(port: number, args: readonly string[], cwd?: string): Promise<ClientRun> {
  const program = await ensureGoTool("arrow-flight-integration-client");
  const reached = ["-host", "127.0.0.1", "-port", String(port)];
  return new Promise((resolve) => {
    const child = execFile(program, [...reached, ...args], { cwd, timeout: limitMs }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, output: stdout + stderr }),
    );
  });
}
