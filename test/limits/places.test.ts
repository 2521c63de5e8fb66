import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Table, tableFromArrays } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectClient } from "../../src/client-node/index.ts";
import type { FlightError } from "../../src/flight/index.ts";
import type { FlightServerOptions } from "../../src/server/index.ts";
import { waitUntil } from "../support/wait.ts";
import { serveLimited } from "./limited-server.ts";

const reached = (limit: string): string => `hangar_limits_reached_total{limit="${limit}"}`;

async function openSilent(port: number, localAddress = "127.0.0.1"): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

describe("connections", () => {
  test.each([
    ["in all", { connections: 20 }, "connections"],
    ["of one address", { connectionsPerAddress: 20 }, "connections-per-address"],
  ])("%s: those that say nothing make room for those that call", async (_title, limits, name) => {
    await using server = await serveLimited({ backend: "memory", limits });
    const silent: Socket[] = [];
    for (let index = 0; index < 60; index++) silent.push(await openSilent(server.port));
    const { client } = server;
    await client.put("numbers", tableFromArrays({ n: [1, 2] }));
    expect((await client.get("numbers").table()).numRows).toBe(2);
    await waitUntil(
      "the oldest silent connections are closed",
      () => silent.filter((each) => each.closed).length >= 40,
    );
    await expect.poll(() => server.metric("hangar_connections")).toBeLessThanOrEqual(20);
    await expect.poll(() => server.metric(reached(name))).toBeGreaterThanOrEqual(40);
    for (const socket of silent) socket.destroy();
  });

  test("of one address leave room for others", async () => {
    await using server = await serveLimited({ backend: "memory", limits: { connectionsPerAddress: 10 } });
    const many: Socket[] = [];
    for (let index = 0; index < 30; index++) many.push(await openSilent(server.port, "127.0.0.2"));
    const other = await openSilent(server.port);
    await waitUntil("those over the limit are closed", () => many.filter((each) => each.closed).length === 20);
    expect(other.closed).toBe(false);
    for (const socket of [...many, other]) socket.destroy();
  });
});

describe("calls", () => {
  test("of one caller: one too many is RESOURCE_EXHAUSTED, names the limit, and ends no other", async () => {
    await using server = await serveLimited({ backend: "waiting", limits: { callsPerCaller: 4 } });
    const { client } = server;
    const leaving = new AbortController();
    const gets = [1, 2, 3, 4].map(async () => {
      for await (const _ of client.flight.doGet({ ticket: Buffer.from("a") }, { signal: leaving.signal }));
    });
    const ended = Promise.allSettled(gets);
    await waitUntil("four gets are at work", async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return /hangar_calls_active\{method="[^"]*DoGet"\} 4/.test(text);
    });
    await expect(client.info("x")).rejects.toMatchObject({
      code: "resource_exhausted",
      message: "you have 4 calls at work, and at most 4 are allowed (calls-per-caller)",
    });
    leaving.abort();
    await ended;
    await waitUntil("places are given back", () =>
      client.info("x").then(
        () => true,
        (reason: FlightError) => reason.code === "not_found",
      ),
    );
    await expect.poll(() => server.metric(reached("calls-per-caller"))).toBeGreaterThanOrEqual(1);
  });

  test("of one caller do not count for another", async () => {
    const authenticate: FlightServerOptions["authenticate"] = ({ header }) => ({ subject: header.get("x-user") ?? "" });
    await using server = await serveLimited({ backend: "waiting", authenticate, limits: { callsPerCaller: 1 } });
    const clientOf = (user: string) =>
      connectClient(`grpc://127.0.0.1:${server.port}`, { headers: { "x-user": user } });
    const [ali, bea] = [clientOf("ali"), clientOf("bea")];
    const leaving = new AbortController();
    const get = (async () => {
      for await (const _ of ali.flight.doGet({ ticket: Buffer.from("a") }, { signal: leaving.signal }));
    })().catch(() => {});
    await waitUntil("ali has no place left", () =>
      ali.info("x").then(
        () => false,
        (reason: FlightError) => reason.code === "resource_exhausted",
      ),
    );
    await expect(bea.info("x")).rejects.toMatchObject({ code: "not_found" });
    leaving.abort();
    await get;
    for (const client of [ali, bea]) client.close();
  });

  test("end with DEADLINE_EXCEEDED when they take too long, and their stream is closed", async () => {
    await using server = await serveLimited({ backend: "waiting", limits: { callSeconds: 1 } });
    const { client } = server;
    const get = Array.fromAsync(client.flight.doGet({ ticket: Buffer.from("a") }));
    await expect(get).rejects.toMatchObject({ code: "deadline_exceeded", message: "a call may take at most 1 s" });
    await expect.poll(() => server.metric(reached("call-seconds"))).toBe(1);
  });
});

describe("uploads", () => {
  test.each([
    ["in all", { uploads: 2 }, "the server has 2 open uploads, and at most 2 are allowed (uploads)"],
    [
      "of one caller",
      { uploadsPerCaller: 2 },
      "you have 2 open uploads, and at most 2 are allowed (uploads-per-caller)",
    ],
  ])(
    "%s: one too many is refused while its client still sends, and the place comes back",
    async (_title, limits, message) => {
      await using server = await serveLimited({ backend: "memory", limits });
      const { client } = server;
      const release = Promise.withResolvers<void>();
      const [batch] = tableFromArrays({ n: [1, 2] }).batches;
      const source = async function* () {
        yield batch!;
        await release.promise;
      };
      const puts = ["a", "b"].map((name) => client.put(name, source()));
      await waitUntil("both puts are open", async () => (await server.metric("hangar_uploads")) === 2);
      await expect(client.put("c", source())).rejects.toMatchObject({ code: "resource_exhausted", message });
      release.resolve();
      await Promise.all(puts);
      await expect.poll(() => server.metric("hangar_uploads")).toBe(0);
      await client.put("c", tableFromArrays({ n: [1] }));
    },
  );
});

describe("bytes of unfinished uploads", () => {
  const half = tableFromArrays({ n: Float64Array.from({ length: 16_384 }, (_, i) => Math.sin(i)) });

  test.each([
    ["in all", { unfinishedUploadBytes: 200_000 }, "unfinished-upload-bytes"],
    ["of one caller", { unfinishedUploadBytesPerCaller: 200_000 }, "unfinished-upload-bytes-per-caller"],
  ])("%s: a put that stores more is refused, leaves no file, and the bytes come back", async (_title, limits, key) => {
    await using server = await serveLimited({ backend: "store", limits });
    const { client } = server;
    await client.put("half", half);
    const whole = new Table([...half.batches, ...half.batches]);
    const refusal = { code: "resource_exhausted", message: expect.stringContaining(`(${key})`) as string };
    await expect(client.put("whole", whole)).rejects.toMatchObject(refusal);
    const url = `${server.url}/datasets`;
    const file = await (await fetch(`${url}/half`)).arrayBuffer();
    const answer = await fetch(`${url}/whole`, { method: "PUT", body: new Blob([file, file]) });
    expect(answer.status).toBe(429);
    expect(await answer.text()).toContain(`(${key})`);
    await expect.poll(() => server.metric(reached(key))).toBe(2);
    await expect.poll(() => server.metric("hangar_unfinished_upload_bytes")).toBe(0);
    expect(await Array.fromAsync(client.list(), ({ name }) => name)).toEqual(["half"]);
    await client.put("half", half);
  });
});

describe("HTTP", () => {
  test("a URL that is too long is 414, and RESOURCE_EXHAUSTED for gRPC", async () => {
    await using server = await serveLimited({ backend: "memory", limits: { urlBytes: 1000 } });
    const answer = await fetch(`${server.url}/datasets/x?filter=${"y".repeat(2000)}`);
    expect(answer.status).toBe(414);
    expect(await answer.text()).toContain("at most 1000 are accepted (url-bytes)");
    const session = connectHttp2(server.url);
    const stream = session.request({
      ":method": "POST",
      ":path": `/x${"y".repeat(2000)}`,
      "content-type": "application/grpc",
    });
    const [headers] = (await once(stream, "response")) as [Record<string, string>];
    expect(headers["grpc-status"]).toBe("8");
    session.destroy();
  });

  test("a connection that never sends a header is closed in time", async () => {
    await using server = await serveLimited({ backend: "memory", limits: { headerSeconds: 1 } });
    const silent = await openSilent(server.port);
    const slow = await openSilent(server.port);
    slow.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
    const http2 = await openSilent(server.port);
    http2.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    await waitUntil("all are closed", async () => {
      await sleep(50);
      for (const socket of [silent, slow, http2]) socket.resume();
      return [silent, slow, http2].every((socket) => socket.closed);
    });
  });
});
