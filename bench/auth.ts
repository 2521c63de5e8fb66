import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createIssuer } from "../test/auth/issuer.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { startHangar } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, type Figure } from "./figures.ts";
import { readCpuMs } from "./process.ts";

const callCount = 1000;

/** Measures small calls of a server with JWTs and rules beside one without, in turns. */
export async function measureAuth({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await using folder = await createTemporaryFolder();
  const { token, config } = await writeConfig(folder.path);
  await using open = await startHangar("--log-level", "warn");
  await using guarded = await startHangar("--log-level", "warn", "--config", config);
  const sides = [
    { name: "without", server: open, options: {} },
    { name: "hangar", server: guarded, options: { token } },
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
      side.cpuMs.push((await readCpuMs(server.child.pid)) - before);
      report(`round ${round + 1}, GetFlightInfo, ${side.name}: ${(callCount / seconds).toFixed(0)} calls/s`);
    }
  }
  const medians = (pick: (side: (typeof sides)[number]) => number[]): Record<string, number> =>
    Object.fromEntries(sides.map((side) => [side.name, median(pick(side))]));
  return [
    {
      title: "GetFlightInfo with JWT and rules",
      unit: "calls/s",
      better: "more",
      values: medians(({ callsPerSecond }) => callsPerSecond),
      cpuMs: medians(({ cpuMs }) => cpuMs),
    },
  ];
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
