import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { constants, type ServerHttp2Stream } from "node:http2";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import type { FlightServerOptions } from "../../src/server/index.ts";
import { createCertificate } from "../support/certificate.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startRawUpstream } from "../support/raw-upstream.ts";
import { serveFiles } from "../support/serve-files.ts";
import { waitUntil } from "../support/wait.ts";
import { bearerOf } from "./scenario-producer.ts";

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
const file = new Blob([new Uint8Array(tableToIPC(table, "stream"))]);

/** More than any window or socket takes in while nobody reads. */
const largeByteLength = 64_000_000;
const large = new Blob([new Uint8Array(largeByteLength)]);

describe("a file that is put by Node's client", () => {
  test("goes by TLS to a server whose certificate is trusted, and to no other", async () => {
    const tls = await createCertificate();
    await using server = await serveFiles({ tls });
    const url = `grpc+tls://127.0.0.1:${server.port}`;
    const trusting = connect(url, { tls: { ca: tls.cert } });
    await trusting.put("safe", file);
    expect(await trusting.info("safe")).toMatchObject({ rowCount: 3 });
    const [put, info] = await Promise.all([errorOf(connect(url).put("x", file)), errorOf(connect(url).info("x"))]);
    expect(put.message).toContain("self-signed certificate");
    expect([put.code, put.message]).toEqual([info.code, info.message]);
    trusting.close();
  });

  test("shows the client's certificate where the server asks for one", async () => {
    const [own, its] = await Promise.all([createCertificate(), createCertificate()]);
    const tls = { ...own, ca: its.cert, requestCert: true, rejectUnauthorized: true };
    await using upstream = await startRawUpstream((stream) => answerAtEnd(stream), { tls });
    const client = connect(`grpc+tls://127.0.0.1:${upstream.port}`, { tls: { ca: own.cert, ...its } });
    await client.put("safe", file);
    expect(upstream.requests).toMatchObject([{ ":method": "PUT", "content-length": String(file.size) }]);
    client.close();
  });

  test.each([true, false])("has the session's cookies with it where that is asked for: %s", async (cookies) => {
    await using upstream = await startRawUpstream((stream) => answerAtEnd(stream, { "set-cookie": "a=1; Path=/" }));
    const client = connect(`grpc://127.0.0.1:${upstream.port}`, { cookies });
    await client.put("first", file);
    await client.put("second", file);
    expect(upstream.requests.map(({ cookie }) => cookie)).toEqual([undefined, cookies ? "a=1" : undefined]);
    client.close();
  });

  test("shares the session of the calls", async () => {
    const seen: (string | null)[] = [];
    const authenticate: FlightServerOptions["authenticate"] = ({ header }) => {
      seen.push(header.get("cookie"));
      return { subject: "anybody" };
    };
    await using server = await serveFiles({ authenticate });
    const client = connect(`grpc://127.0.0.1:${server.port}`, { cookies: true });
    for await (const _ of client.flight.doAction({ type: "begin_session" }));
    await client.put("mine", file);
    expect(seen).toEqual([null, "session=s1"]);
    client.close();
  });
});

const ways: Record<string, (url: string) => DatasetClient> = {
  "Node's client": (url) => connect(url),
  fetch: (url) => connectByFetch(url),
};

describe.each(Object.entries(ways))("a file that is put by %s", (_how, connectBy) => {
  test("has the client's headers with it, its token, and those of the call over both", async () => {
    const seen: (string | null)[][] = [];
    const authenticate: FlightServerOptions["authenticate"] = ({ header, method }) => {
      if (method.startsWith("PUT")) seen.push([header.get("authorization"), header.get("x-tenant")]);
      return { subject: "anybody" };
    };
    await using server = await serveFiles({ authenticate });
    const client = connectBy(`http://127.0.0.1:${server.port}`);
    client.flight.headers.set("x-tenant", "1");
    await client.flight.authenticateBasic("ann", "open sesame");
    await client.put("a", file);
    await client.put("a", file, { headers: { "X-Tenant": "2", authorization: "Bearer other" } });
    expect(seen).toEqual([
      [bearerOf("ann"), "1"],
      ["Bearer other", "2"],
    ]);
    client.close();
  });

  test("and refused before it is read ends with the server's words", async () => {
    const authenticate = (): never => {
      throw new FlightError("unauthenticated", "who are you?");
    };
    await using server = await serveFiles({ authenticate });
    const client = connectBy(`http://127.0.0.1:${server.port}`);
    for (const each of [file, large, large, large]) {
      const refused = client.put("x", each);
      await expect(refused).rejects.toMatchObject({ code: "unauthenticated", message: "who are you?" });
    }
    client.close();
  });

  test("to nobody is UNAVAILABLE, and says why", async () => {
    const failing = connectBy(`http://127.0.0.1:${await freePort()}`).put("x", file);
    await expect(failing).rejects.toMatchObject({
      name: "FlightError",
      code: "unavailable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("to a server that vanishes is UNAVAILABLE", async () => {
    const server = await serveFiles();
    const client = connectBy(`http://127.0.0.1:${server.port}`);
    const parquet = new Blob(["PAR1", large]);
    let closing: Promise<void> | undefined;
    const put = client.put("x", parquet, { onProgress: () => void (closing ??= server.close()) });
    await expect(put).rejects.toMatchObject({ name: "FlightError", code: "unavailable" });
    client.close();
    await closing;
    await server[Symbol.asyncDispose]();
  });

  test("that cannot be read any more stores nothing", async () => {
    await using server = await serveFiles();
    await using folder = await createTemporaryFolder();
    const path = join(folder.path, "changing");
    await writeFile(path, "PAR1 and more");
    const blob = await openAsBlob(path);
    await writeFile(path, "PAR1 and something else");
    const client = connectBy(`http://127.0.0.1:${server.port}`);
    await expect(client.put("x", blob)).rejects.toMatchObject({
      name: "FlightError",
      message: expect.stringContaining("could not be read"),
    });
    await expect(client.info("x")).rejects.toMatchObject({ code: "not_found" });
    client.close();
  });
});

describe("a file that nobody reads", () => {
  const start = async () => {
    const { promise: asked, resolve } = Promise.withResolvers<ServerHttp2Stream>();
    const upstream = await startRawUpstream((stream) => resolve(stream));
    return { ...upstream, asked, client: connect(`grpc://127.0.0.1:${upstream.port}`) };
  };

  test("is sent as it is read, and not before", async () => {
    await using upstream = await start();
    let sent = 0;
    const putting = upstream.client.put("x", large, { onProgress: ({ byteLength }) => (sent = byteLength) });
    const stream = await upstream.asked;
    let receivedByteLength = 0;
    const readSome = (chunk: Buffer): void => {
      receivedByteLength += chunk.byteLength;
      if (receivedByteLength > 1_000_000) stream.off("data", readSome).pause();
    };
    stream.on("data", readSome);
    await waitUntil("nobody reads any more", () => stream.isPaused());
    let before = -1;
    await waitUntil("nothing more is sent", () => before === (before = sent) && sent > 0);
    expect(sent).toBeLessThan(largeByteLength / 10);
    answerAtEnd(stream);
    expect(await putting).toEqual({ name: "x", rowCount: 0, byteLength: largeByteLength });
    expect(sent).toBe(largeByteLength);
    upstream.client.close();
  });

  test("is not sent on when the answer is there, although the server does not end the request", async () => {
    await using upstream = await start();
    const putting = errorOf(upstream.client.put("x", large));
    const stream = await upstream.asked;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    stream.once("close", resolve);
    stream.respond({ ":status": 413 }, { endStream: true });
    expect(await putting).toMatchObject({ name: "FlightError", message: "PUT /datasets/x was answered 413" });
    await closed;
    upstream.client.close();
  });

  test.each([
    ["its signal aborts", "cancelled", (leaving: AbortController) => ({ signal: leaving.signal })],
    ["its time is over", "deadline_exceeded", () => ({ timeoutMs: 10_000 })],
  ])("is cut when %s", async (_why, code, toOptions) => {
    await using upstream = await start();
    const leaving = new AbortController();
    const putting = errorOf(upstream.client.put("x", large, toOptions(leaving)));
    const stream = await upstream.asked;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    stream.once("close", resolve);
    leaving.abort();
    expect(await putting).toMatchObject({ name: "FlightError", code });
    await closed;
    expect([stream.rstCode, stream.readableEnded]).toEqual([constants.NGHTTP2_CANCEL, false]);
    upstream.client.close();
  });
});

/** Reads a request to its end, and answers that it is stored. */
function answerAtEnd(stream: ServerHttp2Stream, headers: Record<string, string> = {}): void {
  stream.resume().once("end", () => stream.respond({ ":status": 201, ...headers }, { endStream: true }));
}

async function errorOf(call: Promise<unknown>): Promise<FlightError> {
  const reason = await call.then(
    () => new Error("it has not failed"),
    (error: unknown) => error,
  );
  if (reason instanceof FlightError) return reason;
  throw reason;
}
