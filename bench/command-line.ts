import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePython } from "../scripts/python.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, mediansOf, type Figure } from "./figures.ts";
import { smallCount } from "./rows.ts";

const run = promisify(execFile);

/** The longest time that `hangar ls` may take, from its start to its end, in milliseconds. */
const listMsMax = 150;

/** Measures programs from their start to their end: `hangar get` beside a pyarrow script, and `hangar ls`. */
export async function measureCommandLine({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await using server = await startHangar("--log-level", "warn");
  await client.call("put", server.location, {});
  const get = await measureGet(server, rounds, report);
  await client.call("prepare", server.location, { repo: server.repo, count: smallCount });
  const listMs: number[] = [];
  const versionMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    listMs.push(1000 * (await time([hangarProgram, "ls", "--url", server.location])));
    versionMs.push(1000 * (await time([hangarProgram, "--version"])));
    report(
      `round ${round + 1}, hangar ls: ${listMs.at(-1)?.toFixed(0)} ms, --version: ${versionMs.at(-1)?.toFixed(0)} ms`,
    );
  }
  const row = { unit: "ms", better: "less" } as const;
  return [
    {
      title: "get into an Arrow file",
      unit: "MB/s",
      better: "more",
      aims: { pyarrow: 0.9 },
      values: toRates(get, client.byteLength),
    },
    {
      ...row,
      title: `\`hangar ls\` of ${smallCount} datasets`,
      values: { hangar: median(listMs) },
      aims: { hangar: listMsMax },
    },
    { ...row, title: "`hangar --version`", values: { hangar: median(versionMs) } },
  ];
}

async function measureGet(
  { location }: TestServer,
  rounds: number,
  report: Comparing["report"],
): Promise<Map<string, number[]>> {
  await using folder = await createTemporaryFolder();
  const python = await ensurePython();
  const file = (name: string): string => join(folder.path, `${name}.arrows`);
  const script = (name: string): string => join(import.meta.dirname, name);
  const programs = {
    hangar: () => time([hangarProgram, "get", "bench.parquet", "-o", file("hangar"), "--url", location]),
    pyarrow: () => time([script("get.py"), location, "bench.parquet", file("pyarrow")], python),
  };
  const seconds = new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      seconds.get(name)?.push(await program());
      report(`round ${round + 1}, get into a file, ${name}: ${seconds.get(name)?.at(-1)?.toFixed(2)} s`);
    }
  }
  await run(python, [script("compare.py"), file("hangar"), file("pyarrow")]);
  return seconds;
}

async function time(args: readonly string[], program = process.execPath): Promise<number> {
  const start = performance.now();
  await run(program, args, { maxBuffer: Infinity });
  return (performance.now() - start) / 1000;
}

function toRates(seconds: ReadonlyMap<string, readonly number[]>, byteLength: number): Record<string, number> {
  return Object.fromEntries(Object.entries(mediansOf(seconds)).map(([name, each]) => [name, byteLength / 1e6 / each]));
}
