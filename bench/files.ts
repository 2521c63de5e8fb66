import { execFile } from "node:child_process";
import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ensurePrograms } from "../scripts/apt.ts";
import { ensurePython } from "../scripts/python.ts";
import { startNginx } from "../test/support/nginx.ts";
import { startHangar } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { mediansOf, type Figure } from "./figures.ts";

const run = promisify(execFile);

const fileMegabytes = 512;

/** The file is a dataset by its name. Its bytes play no part. */
const fileName = "file.parquet";

/** Measures a GET of one file by curl, from Hangar and from nginx in turns. */
export async function measureFiles({ rounds, report }: Comparing): Promise<Figure[]> {
  await ensurePrograms(["curl", "openssl", "nginx"]);
  await using hangar = await startHangar("--log-level", "warn");
  // nginx reads it as another user.
  await chmod(hangar.repo, 0o755);
  await writeParquet(join(hangar.repo, fileName));
  await using nginx = await startNginx([hangar.repo]);
  const { size } = await stat(join(hangar.repo, fileName));
  const urls = new Map([
    ["hangar", `${hangar.url}/datasets/${fileName}`],
    ["nginx", `${nginx.http[0]}/${fileName}`],
  ]);
  const rates = new Map<string, number[]>([...urls.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, url] of urls) {
      rates.get(name)?.push(await download(url, size));
      report(`round ${round + 1}, curl of a file, ${name}: ${rates.get(name)?.at(-1)?.toFixed(0)} MB/s`);
    }
  }
  const title = `\`curl\` of a file of ${(size / 1e6).toFixed(0)} MB`;
  return [{ title, unit: "MB/s", better: "more", aims: { nginx: 0.98 }, values: mediansOf(rates) }];
}

/** Random integers, which no codec makes smaller. */
async function writeParquet(path: string): Promise<void> {
  const program = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as parquet
rows = int(sys.argv[2]) * 125_000
parquet.write_table(pa.table({"n": np.random.default_rng(1).integers(0, 1 << 62, rows)}), sys.argv[1], use_dictionary=False)`;
  await run(await ensurePython(), ["-c", program, path, String(fileMegabytes)]);
}

/** Returns MB/s. Throws if the answer has another length than the file. */
async function download(url: string, byteLength: number): Promise<number> {
  const { stdout } = await run("curl", [
    "-s",
    "-f",
    "-o",
    "/dev/null",
    "-w",
    "%{size_download} %{speed_download}",
    url,
  ]);
  const [received, bytesPerSecond] = stdout.split(" ").map(Number);
  if (received !== byteLength) throw new Error(`${url} gave ${received} bytes instead of ${byteLength}`);
  return (bytesPerSecond ?? NaN) / 1e6;
}
