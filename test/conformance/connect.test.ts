import { execFile } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";

/** How long one run may take; more than ten times what it does. */
const limitMs = 240_000;
const runsMax = 3;

/** All of them: a run that chose none would pass otherwise. */
const caseCount = 5256;

beforeAll(() => ensureGoTool("connectconformance"), 900_000);

test(
  "Connect, gRPC and gRPC-Web over HTTP/1.1 and HTTP/2, plaintext and TLS",
  { timeout: runsMax * limitMs },
  async () => {
    let report = await runConformance([]);
    // The program gives a server ten seconds to start and a deadline some hundred milliseconds to arrive: on a busy
    // machine now and then one is late, on its own it is not.
    for (let runCount = 1; !isClean(report) && runCount < runsMax; runCount++) {
      report = await runConformance(isWhole(report) && report.failures.length <= 50 ? report.failures : []);
    }
    expect(isClean(report), `connectconformance printed:\n${report.output}`).toBe(true);
  },
);

interface Report {
  readonly chosen: readonly string[];
  readonly passedCount: number;
  /** The names of the cases that failed. */
  readonly failures: readonly string[];
  readonly output: string;
}

function isClean(report: Report): boolean {
  return report.failures.length === 0 && isWhole(report);
}

function isWhole({ chosen, passedCount, failures }: Report): boolean {
  return passedCount + failures.length === (chosen.length || caseCount);
}

/** Runs the cases of these names; all, where there are none. */
async function runConformance(chosen: readonly string[]): Promise<Report> {
  const file = (name: string): string => join(import.meta.dirname, name);
  const program = await ensureGoTool("connectconformance");
  const args = ["--mode", "server", "--conf", file("connect.yaml"), "--max-servers", "2"];
  for (const name of chosen) args.push("--run", name);
  args.push("--", process.execPath, file("connect-server.ts"));
  const output = await new Promise<string>((resolve) => {
    execFile(program, args, { timeout: limitMs, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  const failures = [...output.matchAll(/^FAILED: (.+):$/gm)].map((match) => match[1] ?? "");
  return { chosen, passedCount: Number(/^(\d+) passed, /m.exec(output)?.[1]), failures, output };
}
