import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createIssuer } from "../test/auth/issuer.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { startHangar } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
import { median } from "./report.ts";

const callCount = 1000;

/** The kernel's unit of CPU time in /proc, in milliseconds. */
const tickMs = 10;

/** Measures small calls of a server with JWTs and rules beside one without, in turns. */
export async function measureAuth(client: BenchClient, rounds: number): Promise<string> {
  await using folder = await createTemporaryFolder();
  const { token, config } = await writeConfig(folder.path);
  await using open = await startHangar("--log-level", "warn");
  await using guarded = await startHangar("--log-level", "warn", "--config", config);
  const sides = [
    { title: "without authentication", server: open, options: {} },
    { title: "JWT and rules", server: guarded, options: { token } },
  ].map((side) => ({ ...side, callsPerSecond: [] as number[], cpuMs: [] as number[] }));
  for (const { server, options } of sides) {
    await client.call("put", server.location, options);
    await client.call("same_info", server.location, { ...options, count: callCount });
  }
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const { server, options } = side;
      const before = await readCpuMs(server.child.pid);
      const seconds = await client.call("same_info", server.location, { ...options, count: callCount });
      side.callsPerSecond.push(callCount / seconds);
      side.cpuMs.push(((await readCpuMs(server.child.pid)) - before) / callCount);
    }
  }
  const rows = sides.map(({ title, callsPerSecond, cpuMs }) => {
    return `| ${title} | ${median(callsPerSecond).toFixed(0)} | ${median(cpuMs).toFixed(3)} |`;
  });
  const [off = [], on = []] = sides.map(({ callsPerSecond }) => callsPerSecond);
  const ratios = on.map((figure, round) => figure / (off[round] ?? NaN));
  return [
    "| flight infos, one after another | calls/s | CPU time of the server for each (ms) |",
    "| --- | ---: | ---: |",
    ...rows,
    `| ratio, median of the rounds | ${median(ratios).toFixed(3)} | |`,
  ].join("\n");
}

async function writeConfig(folder: string): Promise<{ token: string; config: string }> {
  const { issuer, audience, jwks, sign } = await createIssuer();
  const keys = join(folder, "keys.json");
  const config = join(folder, "hangar.toml");
  await writeFile(keys, JSON.stringify(jwks));
  const lines = [
    "[[jwt]]",
    `issuer = "${issuer}"`,
    `audience = "${audience}"`,
    `jwks-file = ${JSON.stringify(keys)}`,
    "[[rules]]",
    'subjects = ["jwt:bench"]',
    'rights = ["read", "replace"]',
    'datasets = ["**"]',
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  return { token: await sign("bench"), config };
}

/** The CPU time that a process has used, in milliseconds, all its threads together. */
async function readCpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /, "").split(" ");
  return tickMs * (Number(fields[11]) + Number(fields[12]));
}
