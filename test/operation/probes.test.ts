import { rename } from "node:fs/promises";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { startHangar, startProxy, startRecipe } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

async function probe(url: string, path: string): Promise<number> {
  return (await fetch(`${url}${path}`)).status;
}

describe("/healthz and /readyz", () => {
  test("answer over HTTP, whatever the Host header", async () => {
    await using server = await startHangar();
    for (const path of ["/healthz", "/readyz"]) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const headers = { host: "probe.elsewhere.example" };
      await expect.poll(() => probe(server.url, path), { message: path }).toBe(200);
      request(`${server.url}${path}`, { headers }, (answer) => resolve(answer.resume().statusCode ?? 0))
        .on("error", reject)
        .end();
      expect(await promise, path).toBe(200);
      expect(await (await fetch(`${server.url}${path}`)).text(), path).toBe("ok\n");
      expect((await fetch(`${server.url}${path}`, { method: "POST" })).status, path).toBe(405);
    }
  });

  test("the server is alive and not ready while its folder is gone", async () => {
    await using server = await startHangar();
    await rename(server.repo, `${server.repo}.away`);
    expect(await probe(server.url, "/readyz")).toBe(503);
    expect(await probe(server.url, "/healthz")).toBe(200);
    await rename(`${server.repo}.away`, server.repo);
    await expect.poll(() => probe(server.url, "/readyz")).toBe(200);
  });

  test("the server is not ready while what it depends on does not answer", async () => {
    const server = createFlightServer({ producer: createMemoryProducer(), isReady: () => new Promise(() => {}) });
    const { port } = await server.listen({ port: 0 });
    expect(await probe(`http://127.0.0.1:${port}`, "/readyz")).toBe(503);
    await server.close({ drainTimeoutMs: 0 });
  });

  test("a proxy is ready while its upstream is there", async () => {
    await using upstream = await startRecipe();
    await using proxy = await startProxy(upstream);
    // A busy machine may take longer than a probe waits for the first connection.
    await expect.poll(() => probe(proxy.url, "/readyz")).toBe(200);
    upstream.child.kill("SIGKILL");
    await waitUntil("the proxy is not ready", async () => (await probe(proxy.url, "/readyz")) === 503);
    expect(await probe(proxy.url, "/healthz")).toBe(200);
  });

  test("with --drain-delay, /readyz is 503 after SIGTERM while calls are still accepted", async () => {
    await using server = await startHangar("--drain-delay", "600");
    server.child.kill("SIGTERM");
    await waitUntil("the server is not ready", async () => (await probe(server.url, "/readyz")) === 503);
    expect(await probe(server.url, "/healthz")).toBe(200);
    expect(await probe(server.url, "/datasets/missing")).toBe(404);
    server.child.kill("SIGTERM");
    expect(await server.child.exit()).toEqual({ exitCode: 143, signal: null });
  });
});
