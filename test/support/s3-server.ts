import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { startChild, type Child } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait.ts";

/** An S3 server with an empty bucket. */
export interface S3Server extends AsyncDisposable {
  /** The addresses of its gateways, which serve the same bucket. */
  readonly endpoints: readonly string[];
  /** The name of the bucket. */
  readonly bucket: string;
  /** Kills a gateway and starts it again at the same address. */
  restart(gateway: number): Promise<void>;
  /** The folder of the bucket's objects. */
  readonly folder: string;
}

/** The credentials of the server, by the variables of the AWS chain. */
export const s3Environment = {
  AWS_ACCESS_KEY_ID: "hangar",
  AWS_SECRET_ACCESS_KEY: "hangar-secret",
  AWS_REGION: "us-east-1",
};

/** Starts versitygw: gateways over one temporary folder. This process has credentials for them from then on. */
export async function startS3Server(gatewayCount = 1): Promise<S3Server> {
  Object.assign(process.env, s3Environment);
  const program = await ensureGoTool("versitygw");
  const folder = await createTemporaryFolder();
  const bucket = "datasets";
  await mkdir(join(folder.path, bucket));
  const gateways = await Promise.all(Array.from({ length: gatewayCount }, () => startGateway(program, folder.path)));
  return {
    endpoints: gateways.map(({ endpoint }) => endpoint),
    bucket,
    folder: join(folder.path, bucket),
    async restart(gateway) {
      const { child, endpoint } = gateways[gateway]!;
      child.kill("SIGKILL");
      await child.exit();
      gateways[gateway] = await startGateway(program, folder.path, Number(new URL(endpoint).port));
    },
    async [Symbol.asyncDispose]() {
      for (const { child } of gateways) await child[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function startGateway(
  program: string,
  folder: string,
  wantedPort?: number,
): Promise<{ endpoint: string; child: Child }> {
  const port = wantedPort ?? (await freePort());
  const endpoint = `http://127.0.0.1:${port}`;
  const env = {
    ROOT_ACCESS_KEY: s3Environment.AWS_ACCESS_KEY_ID,
    ROOT_SECRET_KEY: s3Environment.AWS_SECRET_ACCESS_KEY,
  };
  const args = ["--keep-alive", "--quiet", "--port", `127.0.0.1:${port}`, "posix", folder];
  const child = startChild(program, args, env);
  const answers = (): Promise<boolean> =>
    fetch(endpoint).then(
      () => true,
      () => false,
    );
  await waitUntil("versitygw answers", answers);
  return { endpoint, child };
}
