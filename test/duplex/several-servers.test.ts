import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/client/index.ts";
import { connect as connectNode } from "../../src/client-node/index.ts";
import { useBuckets } from "../support/buckets.ts";
import { startBalancer, type ReverseProxy } from "../support/reverse-proxy.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { patienceMs } from "../support/wait.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const batch = tableFromArrays({ n: Int32Array.of(1, 2, 3) }).batches[0]!;
/** So many that two servers get some: a stream's id, which is random, decides where it goes. */
const streamCount = 24;

/** Starts servers that have the same datasets: as many servers as docs/scale.md has, or two proxies. */
const kinds: Record<string, (stack: AsyncDisposableStack) => Promise<TestServer[]>> = {
  async "three servers"() {
    const place = buckets.createPlace();
    return await startMany(3, (i) => ["--repo", place(i).url, "--s3-endpoint", place(i).endpoint]);
  },
  async "two proxies"(stack) {
    const upstream = stack.use(await startHangar("--log-level", "warn"));
    return await startMany(2, () => ["--upstream", upstream.location]);
  },
};

async function startMany(count: number, argsOf: (i: number) => string[]): Promise<TestServer[]> {
  const behindNginx = ["--log-level", "warn", "--allowed-host", "localhost", "--trusted-proxy", "127.0.0.1"];
  return await Promise.all(Array.from({ length: count }, (_, i) => startHangar(...argsOf(i), ...behindNginx)));
}

/** Returns a server that has an open duplex stream. The client opens a few at once, and their ids decide where. */
async function findBusy(servers: readonly TestServer[]): Promise<TestServer | undefined> {
  for (const server of servers) {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    if (/^hangar_duplex_streams [1-9]/m.test(metrics)) return server;
  }
  return undefined;
}

/** Batches of a put: the second one after `go`. */
async function* batches(go: Promise<unknown>): AsyncGenerator<RecordBatch> {
  yield batch;
  await go;
  yield batch;
}

describe.each(Object.entries(kinds))("%s behind nginx, as docs/scale.md sets it up", (_kind, startServers) => {
  let stack: AsyncDisposableStack;
  let servers: TestServer[];
  let nginx: ReverseProxy;
  let client: ReturnType<typeof connect>;

  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    servers = (await startServers(stack)).map((server) => stack.use(server));
    nginx = stack.use(await startBalancer(servers.map(({ port }) => port)));
    client = stack.adopt(connect(`http://127.0.0.1:${nginx.plainPort}`), (each) => each.close());
  });

  afterAll(async () => await stack.disposeAsync());

  test("serve native gRPC over TLS", async () => {
    const native = connectNode(`grpc+tls://localhost:${nginx.port}`, { tls: { ca: nginx.ca } });
    for (let i = 0; i < 8; i++) {
      await native.put(`native-${i}`, [batch]);
      expect((await native.get(`native-${i}`).table()).numRows).toBe(3);
    }
    native.close();
  });

  test("get all calls of a duplex stream each, and several get streams", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const puts = Array.from({ length: streamCount }, (_, i) => client.put(`put-${i}`, batches(promise)));
    const ending = Promise.all(puts);
    await expect.poll(() => findBusy(servers)).toBeDefined();
    resolve();
    for (const { rowCount } of await ending) expect(rowCount).toBe(6);
    const countPuts = async ({ url }: TestServer): Promise<number> => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const counts = metrics.matchAll(/^hangar_calls_total\{.*DoPut.*\} (\d+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    };
    const countLoaded = async () => (await Promise.all(servers.map(countPuts))).filter((count) => count > 0).length;
    await expect.poll(countLoaded).toBeGreaterThan(1);
  });

  test("a lost server gives the client one clear error that says to try again, which then succeeds", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const puts = Array.from({ length: streamCount }, (_, i) => client.put(`lost-${i}`, batches(promise)));
    const outcomes = Promise.allSettled(puts);
    const { child } = await vi.waitUntil(() => findBusy(servers), { timeout: patienceMs, interval: 50 });
    child.kill("SIGKILL");
    await child.exit();
    resolve();
    const failures = (await outcomes).filter((outcome) => outcome.status === "rejected");
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(streamCount);
    for (const { reason } of failures) expect(reason).toMatchObject({ code: "unavailable" });
    for (let i = 0; i < streamCount; i++) {
      await client.put(`lost-${i}`, [batch]);
      expect((await client.get(`lost-${i}`).table()).numRows).toBe(3);
    }
  });
});
