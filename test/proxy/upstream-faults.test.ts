import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { constants } from "node:http2";
import type { AddressInfo } from "node:net";
import { tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectByFetch } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createPathDescriptor } from "../../src/flight/index.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { freePort } from "../support/free-port.ts";
import { serveProxy, type TestProxy } from "../support/proxy.ts";
import { answerWith, startRawUpstream } from "../support/raw-upstream.ts";

const ticket = { ticket: Uint8Array.of(1) };

async function healthOf({ url }: TestProxy): Promise<string> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${url}/grpc.health.v1.Health/Check`, { method: "POST", headers, body: "{}" });
  return ((await response.json()) as { status: string }).status;
}

test("an upstream that is down is UNAVAILABLE and not healthy; calls succeed again once it is up", async () => {
  const port = await freePort();
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${port}` });
  const client = connect(proxy.url);
  for (let i = 0; i < 2; i++) {
    await expect(client.info("a")).rejects.toMatchObject({
      code: "unavailable",
      message: "the upstream server refuses connections",
    });
  }
  expect(await healthOf(proxy)).toBe("NOT_SERVING");
  const table = tableFromArrays({ n: Int32Array.of(1) });
  for (let restart = 0; restart < 2; restart++) {
    const server = createFlightServer({ producer: createMemoryProducer() });
    await server.listen({ port });
    await expect.poll(() => healthOf(proxy)).toBe("SERVING");
    await client.put("a", table);
    expect((await client.get("a").table()).numRows).toBe(1);
    await server.close({ drainTimeoutMs: 0 });
    await expect.poll(() => healthOf(proxy)).toBe("NOT_SERVING");
  }
  client.close();
});

describe("a connection to the upstream that is lost", () => {
  // The beginning of a message of FlightData whose body has 1,000,000 bytes.
  const half = Buffer.alloc(500_000);
  half.set([0, 0, 0x0f, 0x42, 0x45, 0xc2, 0x3e, 0xc0, 0x84, 0x3d]);

  const whole = Buffer.alloc(5);
  const losses: [string, Buffer, string][] = [
    ["in the middle of a message", half, "destroy"],
    ["between messages", whole, "destroy"],
    ["by a reset in the middle of a message", half, "reset"],
    ["by a reset between messages", whole, "reset"],
  ];
  test.each(losses)("%s ends a get and an exchange with UNAVAILABLE, and is not tried again", async (_, bytes, how) => {
    await using upstream = await startRawUpstream((stream) => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" });
      stream.write(bytes, () =>
        setTimeout(() => {
          if (how === "destroy") stream.session?.destroy();
          else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        }, 50),
      );
    });
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    const clients = [connect(proxy.url), connectByFetch(proxy.url)];
    for (const { flight } of clients) {
      for (const call of [flight.doGet(ticket), flight.doExchange([])]) {
        await expect(Array.fromAsync(call)).rejects.toMatchObject({ code: "unavailable" });
      }
    }
    expect(upstream.requests).toHaveLength(4);
    clients.forEach((client) => client.close());
  });
});

test("a request that the upstream may have seen is not sent again", async () => {
  await using upstream = await startRawUpstream((stream) => stream.session?.destroy());
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const client = connect(proxy.url);
  await expect(client.info("a")).rejects.toMatchObject({ code: "unavailable" });
  await expect(Array.fromAsync(client.flight.doAction({ type: "a" }))).rejects.toMatchObject({ code: "unavailable" });
  expect(upstream.requests).toHaveLength(2);
  client.close();
});

describe("a request that the upstream refuses unseen", () => {
  const refuseOnce = (refusals: number) =>
    startRawUpstream((stream, index) => {
      if (index < refusals) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else answerWith(stream, 0);
    });

  test("is sent again", async () => {
    await using upstream = await refuseOnce(2);
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    await connect(proxy.url).flight.getFlightInfo(createPathDescriptor(["a"]));
    expect(upstream.requests).toHaveLength(3);
  });

  test("is not sent again for ever", async () => {
    await using upstream = await refuseOnce(Infinity);
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    const asking = connect(proxy.url).flight.getFlightInfo(createPathDescriptor(["a"]));
    await expect(asking).rejects.toMatchObject({ code: "unavailable" });
    expect(upstream.requests).toHaveLength(3);
  });

  test("is not sent again where its body is gone", async () => {
    await using upstream = await refuseOnce(1);
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    await expect(Array.fromAsync(connect(proxy.url).flight.doPut([]))).rejects.toMatchObject({ code: "unavailable" });
    expect(upstream.requests).toHaveLength(1);
  });
});

test("GOAWAY lets what runs end, and what comes next goes by another connection", async () => {
  const release = Promise.withResolvers<void>();
  await using upstream = await startRawUpstream((stream, index) => {
    if (index > 0) return answerWith(stream, 0);
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.write(Buffer.alloc(5));
    void release.promise.then(() => stream.end(Buffer.alloc(5)));
  });
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const client = connect(proxy.url);
  const reading = client.flight.doGet(ticket);
  await reading.next();
  [...upstream.sessions][0]!.goaway(constants.NGHTTP2_NO_ERROR);
  await expect
    .poll(async () => {
      await client.flight.getFlightInfo(createPathDescriptor(["a"]));
      return upstream.sessions.size;
    })
    .toBe(2);
  release.resolve();
  expect(await Array.fromAsync(reading)).toHaveLength(1);
  client.close();
});

test("more calls than a connection has room for get another", async () => {
  let open = 0;
  const release = Promise.withResolvers<void>();
  await using upstream = await startRawUpstream((stream) => {
    open += 1;
    void release.promise.then(() => answerWith(stream, 0));
  });
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const clients = Array.from({ length: 3 }, () => connect(proxy.url));
  const calls = clients.flatMap(({ flight }) =>
    Array.from({ length: 60 }, () => flight.getFlightInfo(createPathDescriptor(["a"]))),
  );
  await expect.poll(() => open).toBe(180);
  expect(upstream.sessions.size).toBe(2);
  release.resolve();
  await Promise.all(calls);
  clients.forEach((client) => client.close());
});

describe("what is no Flight server", () => {
  test("because it speaks HTTP/1.1 is UNAVAILABLE", async () => {
    const server = createHttpServer((_req, res) => res.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${port}` });
    await expect(connect(proxy.url).info("a")).rejects.toMatchObject({
      code: "unavailable",
      message: "the upstream server does not speak HTTP/2",
    });
    server.closeAllConnections();
    server.close();
  });

  test("because it answers with a page tells so", async () => {
    await using upstream = await startRawUpstream((stream, index) => {
      stream.respond({ ":status": index === 0 ? 200 : 503, "content-type": "text/html" });
      stream.end("<p>hello</p>");
    });
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    const asking = () => connect(proxy.url).info("a");
    await expect(asking()).rejects.toMatchObject({ code: "unknown", message: expect.stringContaining("text/html") });
    await expect(asking()).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("503") });
  });
});

/** Long enough for the call to reach a busy upstream. */
const deadlineMs = 10_000;

test("a deadline ends a call to an upstream that is silent, and is told to it", async () => {
  await using upstream = await startRawUpstream(() => {});
  await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
  const client = connect(proxy.url);
  const asking = client.flight.getFlightInfo(createPathDescriptor(["a"]), { timeoutMs: deadlineMs });
  await expect(asking).rejects.toMatchObject({ code: "deadline_exceeded" });
  const timeout = /^(\d+)m$/.exec(String(upstream.requests[0]!["grpc-timeout"]));
  expect(Number(timeout?.[1])).toBeGreaterThan(0);
  expect(Number(timeout?.[1])).toBeLessThanOrEqual(deadlineMs);
  client.close();
});
