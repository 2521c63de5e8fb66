import { S3 } from "@aws-sdk/client-s3";
import type { Nesting } from "../contract/storage-contract.ts";
import type { Child } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";
import { minio } from "./minio.ts";
import { versitygw } from "./versitygw.ts";
import { waitUntil } from "./wait.ts";

/** An S3 server with an empty bucket. */
export interface S3Server extends AsyncDisposable {
  /** The addresses of its gateways, which serve the same bucket. */
  readonly endpoints: readonly string[];
  /** The name of the bucket. */
  readonly bucket: string;
  /** The folder of the files. versitygw keeps each object as one file, at `BUCKET/KEY`. */
  readonly folder: string;
  /** Kills a gateway and starts it again at the same address. */
  restart(gateway: number): Promise<void>;
}

/** A program that serves S3. */
export interface S3Program {
  /** The number of processes that serve the same buckets, for a number of gateways that a test needs. */
  gatewayCountFor(count: number): number;
  /** Returns a function that starts the process with a number. `ports` has one for each process. */
  prepare(folder: string, ports: readonly number[], credentials: Credentials): Promise<(gateway: number) => Child>;
  readonly nesting: Nesting;
}

/** An access key. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const credentials: Credentials = { user: "hangar", password: "hangar-secret" };

/** The credentials of the server, by the variables of the AWS chain. */
export const s3Environment = {
  AWS_ACCESS_KEY_ID: credentials.user,
  AWS_SECRET_ACCESS_KEY: credentials.password,
  AWS_REGION: "us-east-1",
};

const programs: Readonly<Record<string, S3Program>> = { versitygw, minio };
const programName = process.env["HANGAR_TEST_S3"] ?? "versitygw";

/** The S3 server of all tests: versitygw, or the one that `HANGAR_TEST_S3` names. */
export const s3Program = ((): S3Program => {
  const program = programs[programName];
  if (program === undefined) throw new Error(`HANGAR_TEST_S3 takes ${Object.keys(programs).join(" or ")}`);
  return program;
})();

/** Starts an S3 server over a temporary folder. This process has credentials for it from then on. */
export async function startS3Server(gatewayCount = 1): Promise<S3Server> {
  Object.assign(process.env, s3Environment);
  const folder = await createTemporaryFolder();
  const ports: number[] = [];
  while (ports.length < s3Program.gatewayCountFor(gatewayCount)) ports.push(await freePort());
  const start = await s3Program.prepare(folder.path, ports, credentials);
  const children = ports.map((_, gateway) => start(gateway));
  const endpoints = ports.map((port) => `http://127.0.0.1:${port}`);
  const bucket = "datasets";
  for (const endpoint of endpoints) await waitUntilServing(endpoint);
  await createBucket(endpoints[0]!, bucket);
  return {
    endpoints,
    bucket,
    folder: folder.path,
    async restart(gateway) {
      children[gateway]!.kill("SIGKILL");
      await children[gateway]!.exit();
      children[gateway] = start(gateway);
      await waitUntilServing(endpoints[gateway]!);
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) await child[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A server that starts answers with 5xx, or not at all. */
async function waitUntilServing(endpoint: string): Promise<void> {
  const isServing = (): Promise<boolean> =>
    fetch(endpoint).then(
      ({ status }) => status < 500,
      () => false,
    );
  await waitUntil(`${programName} answers`, isServing);
}

async function createBucket(endpoint: string, Bucket: string): Promise<void> {
  const s3 = new S3({ endpoint, region: s3Environment.AWS_REGION, forcePathStyle: true, maxAttempts: 10 });
  await s3.createBucket({ Bucket });
  s3.destroy();
}
