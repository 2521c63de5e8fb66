import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { connect, type ConnectOptions } from "../../src/client-node/index.ts";
import { runHangar } from "../cli/run-hangar.ts";
import { useBuckets } from "../support/buckets.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const rowCount = 100_000;
const endpointCount = 4;

/** Starts two servers over one bucket that know of each other, and puts a dataset. */
async function startPeers(stack: AsyncDisposableStack, args: readonly string[], options: ConnectOptions = {}) {
  const place = buckets.createPlace();
  const ports = [await freePort(), await freePort()];
  const peers = ports.map((port) => `grpc://127.0.0.1:${port}`).join(",");
  const servers: TestServer[] = [];
  for (const [i, port] of ports.entries()) {
    const { url, endpoint } = place(i);
    const own = ["--repo", url, "--s3-endpoint", endpoint, "--port", String(port), "--peers", peers];
    servers.push(stack.use(await startHangar(...own, ...args)));
  }
  const client = stack.adopt(connect(servers[0]!.location, options), (each) => each.close());
  await client.put("a", tableFromArrays({ n: Int32Array.from({ length: rowCount }, (_, i) => i) }));
  return { servers, client };
}

async function countGets({ url }: TestServer, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const metrics = await (await fetch(`${url}/metrics`, { headers })).text();
  const counts = [...metrics.matchAll(/^hangar_calls_total\{.*DoGet.*code="ok".*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test("a client reads the endpoints of a flight from all servers, and from the others if one is lost", async () => {
  await using stack = new AsyncDisposableStack();
  const { servers, client } = await startPeers(stack, []);
  const read = async (): Promise<number[]> => [
    ...(await client.get("a", { endpoints: endpointCount }).table()).getChild("n")!,
  ];
  const rows = Array.from({ length: rowCount }, (_, i) => i);
  expect(await read()).toEqual(rows);
  await expect.poll(() => Promise.all(servers.map((server) => countGets(server)))).toEqual([2, 2]);
  servers[1]!.child.kill("SIGKILL");
  await servers[1]!.child.exit();
  expect(await read()).toEqual(rows);
  await expect.poll(() => countGets(servers[0]!)).toBe(2 + endpointCount);
});

test("credentials reach other servers only as the client says; otherwise its own server gives all", async () => {
  await using stack = new AsyncDisposableStack();
  await using folder = await createTemporaryFolder();
  const issued = await runHangar(["token", "new", "etl"], { url: "" });
  const token = issued.stdout.trim();
  const config = join(folder.path, "hangar.toml");
  await writeFile(config, issued.stderr);
  const { servers, client } = await startPeers(stack, ["--config", config, "--anonymous", "none"], { token });
  expect((await client.get("a", { endpoints: endpointCount }).table()).numRows).toBe(rowCount);
  await expect.poll(() => countGets(servers[0]!, token)).toBe(endpointCount);
  const headersFor = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
  const open = stack.adopt(connect(servers[0]!.location, { token, headersFor }), (each) => each.close());
  expect((await open.get("a", { endpoints: endpointCount }).table()).numRows).toBe(rowCount);
  await expect.poll(() => countGets(servers[1]!, token)).toBe(endpointCount / 2);
});
