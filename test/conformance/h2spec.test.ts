import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { frameBytesMax } from "../../src/flight/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { serveScenario } from "./serve-scenario.ts";

/** How long one run may take; a case waits two seconds at most, and few do. */
const limitMs = 120_000;
const runsMax = 3;

beforeAll(() => ensureGoTool("h2spec"), 900_000);

test("the port keeps to HTTP/2 wherever Node does", { timeout: 2 * runsMax * limitMs }, async () => {
  await using server = await serveScenario({ producer: createMemoryProducer() });
  await using node = await serveBareNode();
  const bare = await runH2spec(node.port, []);
  const first = await runH2spec(server.port, []);
  expect(first.caseCount, `h2spec printed:\n${first.output}`).toBe(145);
  expect(bare.caseCount).toBe(145);
  let failures = first.failures.filter((title) => !bare.failures.includes(title));
  // There is nothing at h2spec's path, and the answer that says so races with what it sends next: a rule that is
  // broken now and then is the race, one that is broken every time is the server.
  for (let runCount = 1; failures.length > 0 && runCount < runsMax; runCount++) {
    const sections = new Set(failures.map((title) => title.split(" ", 1)[0] ?? ""));
    const again = await runH2spec(server.port, [...sections]);
    failures = failures.filter((title) => again.failures.includes(title));
  }
  expect(failures, `h2spec printed:\n${first.output}`).toEqual([]);
});

/** Node's own HTTP/2 server with the frame size of Hangar's: h2spec's large frame exceeds the default only. */
async function serveBareNode(): Promise<AsyncDisposable & { readonly port: number }> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({ settings: { maxFrameSize: frameBytesMax } }, (_req, res) => res.writeHead(404).end());
  server.on("session", (session) => sessions.add(session.once("close", () => sessions.delete(session))));
  server.on("sessionError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = promisify(server.close.bind(server));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await close();
    },
  };
}

interface Report {
  readonly caseCount: number;
  /** Section and title of each case that failed. */
  readonly failures: readonly string[];
  readonly output: string;
}

/** Runs the cases of some sections; of all, where there are none. */
async function runH2spec(port: number, sections: readonly string[]): Promise<Report> {
  await using folder = await createTemporaryFolder();
  const program = await ensureGoTool("h2spec");
  const file = join(folder.path, "report.xml");
  const args = [...sections, "--port", String(port), "--junit-report", file];
  const output = await new Promise<string>((resolve) => {
    execFile(program, args, { timeout: limitMs }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  const report = await readFile(file, "utf8").catch(() => "");
  const cases = [...report.matchAll(/<testcase package="(.*?)" classname="(.*?)".*?>(.*?)<\/testcase>/gs)];
  const failed = cases.filter(([, , , result]) => /<(error|failure)/.test(result ?? ""));
  return { caseCount: cases.length, failures: failed.map(([, section, title]) => `${section} ${title}`), output };
}
