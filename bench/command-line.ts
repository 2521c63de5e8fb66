import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePython } from "../scripts/python.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { hangarProgram, startHangar } from "../test/support/server.ts";
import type { BenchClient } from "./client.ts";
import { median } from "./report.ts";

/** Has `hangar get` and a pyarrow script fetch the same dataset into a file, in turns; gives a Markdown table of medians. */
export async function measureCommandLine(client: BenchClient, rounds: number): Promise<string> {
  await using folder = await createTemporaryFolder();
  await using server = await startHangar("--log-level", "warn");
  await client.call("put", server.location, {});
  const file = join(folder.path, "got.arrows");
  const commands: readonly [string, string, readonly string[]][] = [
    ["`hangar get`", process.execPath, [hangarProgram, "get", "bench.parquet", "-o", file, "--url", server.location]],
    ["pyarrow", await ensurePython(), [join(import.meta.dirname, "get.py"), server.location, "bench.parquet", file]],
  ];
  const seconds = new Map<string, number[]>(commands.map(([title]) => [title, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [title, program, args] of commands) {
      const start = performance.now();
      await promisify(execFile)(program, args);
      seconds.get(title)?.push((performance.now() - start) / 1000);
    }
  }
  const rows = [...seconds].map(([title, all]) => {
    const figure = median(all);
    return `| ${title} | ${figure.toFixed(2)} | ${(client.byteLength / 1e6 / figure).toFixed(0)} |\n`;
  });
  return `| get into an Arrow file, start of the program included | s | MB/s |\n| --- | ---: | ---: |\n${rows.join("")}`;
}
