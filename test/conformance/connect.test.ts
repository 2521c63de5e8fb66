import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";

/** How long all cases may take; more than ten times what they do. */
const limitMs = 240_000;

beforeAll(() => ensureGoTool("connectconformance"), 900_000);

test(
  "Connect, gRPC and gRPC-Web over HTTP/1.1 and HTTP/2, plaintext and TLS",
  { timeout: limitMs + 10_000 },
  async () => {
    const file = (name: string): string => join(import.meta.dirname, name);
    const program = await ensureGoTool("connectconformance");
    const server = [process.execPath, file("connect-server.ts")];
    const args = ["--mode", "server", "--conf", file("connect.yaml"), "--", ...server];
    const output = await new Promise<string>((resolve) => {
      execFile(program, args, { timeout: limitMs }, (_error, stdout, stderr) => resolve(stdout + stderr));
    });
    // The count as well: a run that chose no cases would pass otherwise.
    expect(output).toContain("5256 passed, 0 failed");
  },
);
