import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetObjectCommand, PutObjectCommand, S3 } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ensurePrograms } from "../scripts/apt.ts";
import { startS3Server, type S3Server } from "../test/support/s3-server.ts";
import { startHangar } from "../test/support/server.ts";
import { measureRow, type Comparing } from "./compare-servers.ts";
import { mediansOf, type Figure } from "./figures.ts";
import { groups, smallCount, type Row } from "./rows.ts";

const run = promisify(execFile);

/** The rows of other groups that are measured over a bucket, with what they must reach of the folder. */
const rows: readonly Row[] = [
  {
    ...groups.transfer.put,
    memory: { title: "peak memory of the put", aims: { folder: 1.25 } },
    aims: { folder: 0.7 },
  },
  {
    ...groups.transfer.get,
    memory: { title: "peak memory of the get", aims: { folder: 1.25 } },
    aims: { folder: 0.7 },
  },
  { ...groups.transfer.first_batch, aims: { hangar: 100 } },
  { ...groups.calls.info, aims: {} },
  { ...groups.calls.small_get, aims: {} },
  { ...groups.puts.serial, title: "puts of 1,000 rows, one after another", aims: {} },
  { ...groups.puts.clients_16, title: "puts of 1,000 rows, 16 clients", aims: {} },
];

/** Measures Hangar over a bucket beside Hangar over a folder, and the bucket alone. */
export async function measureBucket(comparing: Comparing): Promise<Figure[]> {
  await ensurePrograms(["curl"]);
  await using s3 = await startS3Server();
  const [endpoint = ""] = s3.endpoints;
  const place = ["--repo", `s3://${s3.bucket}/bench`, "--s3-endpoint", endpoint];
  await using hangar = await startHangar("--log-level", "warn", ...place);
  await using folder = await startHangar("--log-level", "warn");
  const { client } = comparing;
  for (const { location } of [hangar, folder]) {
    await client.call("small_puts", location, { location, count: smallCount, client_count: 4, prefix: "small" });
  }
  const servers = new Map([
    ["hangar", hangar],
    ["folder", folder],
  ]);
  const figures: Figure[] = [];
  for (const row of rows) figures.push(...(await measureRow(row, servers, comparing)));
  return [...figures, ...(await measureGateway(s3, folder.repo, comparing))];
}

/** The bucket alone: curl sends and gets the usual dataset's file. No server over this bucket can be faster. */
async function measureGateway(s3: S3Server, folder: string, { client, rounds, report }: Comparing): Promise<Figure[]> {
  const file = join(folder, "bench.parquet");
  const object = { Bucket: s3.bucket, Key: "floor" };
  const [endpoint = ""] = s3.endpoints;
  const sdk = new S3({ endpoint, region: "us-east-1", forcePathStyle: true });
  const [putUrl, getUrl] = [
    await getSignedUrl(sdk, new PutObjectCommand(object)),
    await getSignedUrl(sdk, new GetObjectCommand(object)),
  ];
  sdk.destroy();
  const ways = { put: ["-T", file, putUrl], get: ["-o", "/dev/null", getUrl] };
  const rates = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(ways)) {
      const { stdout } = await run("curl", ["-s", "-f", "-w", "%{time_total}", ...args]);
      const rate = client.byteLength / 1e6 / Number(stdout);
      rates.set(name, [...(rates.get(name) ?? []), rate]);
      report(`round ${round + 1}, the bucket alone, ${name}: ${rate.toFixed(0)} MB/s`);
    }
  }
  const values = mediansOf(rates);
  const title = "the bucket alone: the same file, by `curl`";
  return Object.entries(values).map(([name, bucket]) => {
    return { title: `${title}, ${name}`, unit: "MB/s", better: "more", values: { bucket } };
  });
}
