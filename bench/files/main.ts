import { execFile } from "node:child_process";
import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePrograms } from "../../scripts/apt.ts";
import { ensurePython } from "../../scripts/python.ts";
import { startNginx } from "../../test/support/nginx.ts";
import { startHangar } from "../../test/support/server.ts";

const run = promisify(execFile);
const megabyte = 1e6;

/** The file is a dataset by its name; nobody looks at its bytes. */
const fileName = "file.parquet";

/** Measures a GET of one file by curl from Hangar and from nginx, in turns; gives a table of medians in MB/s. */
export async function measureFiles(megabytes: number, rounds: number): Promise<string> {
  await ensurePrograms(["curl", "openssl", "nginx"]);
  await using hangar = await startHangar("--log-level", "warn");
  // nginx reads it as another user.
  await chmod(hangar.repo, 0o755);
  await writeParquet(join(hangar.repo, fileName), megabytes);
  await using nginx = await startNginx([hangar.repo]);
  const urls = { nginx: `${nginx.http[0]}/${fileName}`, hangar: `${hangar.url}/datasets/${fileName}` };
  const figures = { nginx: [] as number[], hangar: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    for (const name of ["nginx", "hangar"] as const) figures[name].push(await download(urls[name]));
  }
  const [theirs, ours] = [median(figures.nginx), median(figures.hangar)];
  const { size } = await stat(join(hangar.repo, fileName));
  return [
    `GET of a Parquet file of ${(size / megabyte).toFixed(0)} MB, median of ${rounds} rounds`,
    "",
    "| MB/s | nginx | hangar | hangar / nginx |",
    "| ---- | ----: | -----: | -------------: |",
    `| GET | ${theirs.toFixed(0)} | ${ours.toFixed(0)} | ${(ours / theirs).toFixed(2)} |`,
  ].join("\n");
}

/** Random integers, which no codec makes smaller. */
async function writeParquet(path: string, megabytes: number): Promise<void> {
  const program = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as parquet
rows = int(sys.argv[2]) * 125_000
parquet.write_table(pa.table({"n": np.random.default_rng(1).integers(0, 1 << 62, rows)}), sys.argv[1], use_dictionary=False)`;
  await run(await ensurePython(), ["-c", program, path, String(megabytes)]);
}

async function download(url: string): Promise<number> {
  const { stdout } = await run("curl", ["-s", "-f", "-o", "/dev/null", "-w", "%{speed_download}", url]);
  return Number(stdout) / megabyte;
}

function median(figures: number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
