import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Client, type Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFrame, FlightError, joinPieces, type FlightFrame } from "../../src/flight/index.ts";
import { FlightDataSchema, FlightService, type FlightData } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { Health } from "../../src/gen/grpc/health/v1/health_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { createCertificate } from "../support/certificate.ts";

const bodies = [0, 3, 9_000, 5_000_000].map((length) => new Uint8Array(randomBytes(length)));

/** Sends fixed bodies, in two pieces each, and echoes what it is sent: what goes through a protocol must come out equal. */
const producer: FlightProducer = {
  async *doGet() {
    for (const [i, body] of bodies.entries()) yield frameOf(i, body);
  },
  async *doExchange(_context, frames) {
    for await (const frame of frames) yield frame;
  },
  async *doPut(_context, frames) {
    for await (const frame of frames) yield { appMetadata: joinPieces(frame.body) };
  },
};

function frameOf(number: number, body: Uint8Array): FlightFrame {
  const middle = body.byteLength >> 1;
  return createFrame({
    header: Uint8Array.from([number, 1, 2, 3]),
    appMetadata: Uint8Array.from([number]),
    body: [body.subarray(0, middle), body.subarray(middle)],
  });
}

/** Of a call that does not end by itself; long enough for the call to reach a busy server. */
const deadlineMs = 10_000;

const toMessage = (body: Uint8Array, number: number): FlightData =>
  create(FlightDataSchema, {
    dataHeader: Uint8Array.from([number, 1, 2, 3]),
    appMetadata: Uint8Array.from([number]),
    dataBody: body,
  });

async function* sent(): AsyncGenerator<FlightData> {
  for (const [i, body] of bodies.entries()) yield toMessage(body, i);
}

const protocols = {
  gRPC: createGrpcTransport,
  "gRPC-Web": createGrpcWebTransport,
  Connect: createConnectTransport,
  "Connect JSON": (options: Parameters<typeof createConnectTransport>[0]) =>
    createConnectTransport({ ...options, useBinaryFormat: false }),
  "gRPC with compressed requests": (options: Parameters<typeof createGrpcTransport>[0]) =>
    createGrpcTransport({ ...options, sendCompression: compressionGzip, compressMinBytes: 1 }),
};

describe.each(["plaintext", "TLS"] as const)("over %s", (security) => {
  let server: FlightServer;
  let url: string;

  beforeAll(async () => {
    const tls = security === "TLS" ? await createCertificate() : undefined;
    server = createFlightServer({ producer, tls });
    const { port } = await server.listen({ port: 0 });
    url = `${tls ? "https" : "http"}://127.0.0.1:${port}`;
  });
  afterAll(() => server.close({ drainTimeoutMs: 0 }));

  const nodeOptions = { rejectUnauthorized: false };
  const clientOver = (createTransport: (options: never) => Transport, httpVersion: "1.1" | "2") =>
    createClient(FlightService, createTransport({ baseUrl: url, httpVersion, nodeOptions } as never));

  const variants = Object.entries(protocols).flatMap(([name, create]) =>
    (["1.1", "2"] as const)
      .filter((version) => version === "2" || (!name.startsWith("gRPC ") && name !== "gRPC"))
      .map((version) => [name, version, create as (options: never) => Transport] as const),
  );

  test.each(variants)("DoGet by %s on HTTP/%s gives every body as it was", async (_name, version, createTransport) => {
    const got = await Array.fromAsync(clientOver(createTransport, version).doGet({ ticket: new Uint8Array(0) }));
    expect(got.map((message) => [...message.appMetadata])).toEqual(bodies.map((_, i) => [i]));
    expect(got.every((message, i) => Buffer.compare(message.dataBody, bodies[i]!) === 0)).toBe(true);
  });

  const bidiVariants = variants.filter(([, version]) => version === "2");

  test.each(bidiVariants)("DoExchange by %s on HTTP/%s gives back what it is sent", async (_name, version, create) => {
    const got = await Array.fromAsync(clientOver(create, version).doExchange(sent()));
    expect(got.map((message) => [...message.dataHeader])).toEqual(bodies.map((_, i) => [i, 1, 2, 3]));
    expect(got.every((message, i) => Buffer.compare(message.dataBody, bodies[i]!) === 0)).toBe(true);
  });

  test.each(bidiVariants)("DoPut by %s on HTTP/%s hands every body on", async (_name, version, create) => {
    const got = await Array.fromAsync(clientOver(create, version).doPut(sent()));
    expect(got.every((result, i) => Buffer.compare(result.appMetadata, bodies[i]!) === 0)).toBe(true);
    expect(got).toHaveLength(bodies.length);
  });

  test.each(variants)("what is not served answers UNIMPLEMENTED by %s on HTTP/%s", async (_name, version, create) => {
    const calling = clientOver(create, version).getFlightInfo({});
    await expect(calling).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage: "this server does not support GetFlightInfo",
    });
  });
});

describe("a call", () => {
  async function withServer(
    producer: FlightProducer,
    use: (client: Client<typeof FlightService>, url: string) => Promise<void>,
    options: Partial<Parameters<typeof createFlightServer>[0]> = {},
  ): Promise<void> {
    const server = createFlightServer({ producer, ...options });
    const { port } = await server.listen({ port: 0 });
    const url = `http://127.0.0.1:${port}`;
    try {
      await use(createClient(FlightService, createGrpcTransport({ baseUrl: url })), url);
    } finally {
      await server.close({ drainTimeoutMs: 0 });
    }
  }

  test("that is refused by authentication is refused before its body is read", async () => {
    let isStarted = false;
    const producer: FlightProducer = {
      async *doPut(context, frames) {
        isStarted = true;
        for await (const _ of frames) yield { appMetadata: Buffer.from(context.identity.subject) };
      },
    };
    const authenticate = ({ header }: { header: Headers }) => {
      if (header.get("authorization") === "Bearer good") return { subject: "ann" };
      throw new FlightError("unauthenticated", "who are you?");
    };
    await withServer(
      producer,
      async (client) => {
        const refused = Array.fromAsync(client.doPut(sent()));
        await expect(refused).rejects.toMatchObject({ code: Code.Unauthenticated, rawMessage: "who are you?" });
        expect(isStarted).toBe(false);
        const headers = { authorization: "Bearer good" };
        const [first] = await Array.fromAsync(client.doPut(sent(), { headers }));
        expect(Buffer.from(first!.appMetadata).toString()).toBe("ann");
      },
      { authenticate },
    );
  });

  test.each([
    ["whose deadline passes", () => ({ timeoutMs: deadlineMs }), Code.DeadlineExceeded],
    ["that the client cancels", (leaving: AbortController) => ({ signal: leaving.signal }), Code.Canceled],
  ])("%s never looks to the producer as if its frames had come to their end", async (_what, toOptions, code) => {
    const ended = Promise.withResolvers<"whole" | "cut">();
    const leaving = new AbortController();
    const producer: FlightProducer = {
      async *doPut(_context, frames) {
        leaving.abort();
        let outcome: "whole" | "cut" = "cut";
        try {
          for await (const _ of frames);
          outcome = "whole";
          yield {};
        } finally {
          ended.resolve(outcome);
        }
      },
    };
    await withServer(producer, async (client) => {
      async function* silent(): AsyncGenerator<FlightData> {
        yield toMessage(bodies[1]!, 0);
        await ended.promise;
      }
      await expect(Array.fromAsync(client.doPut(silent(), toOptions(leaving)))).rejects.toMatchObject({ code });
      expect(await ended.promise).toBe("cut");
    });
  });

  test("that the client leaves runs the producer's finally and aborts its signal", async () => {
    const left = Promise.withResolvers<boolean>();
    const producer: FlightProducer = {
      async *doGet(context) {
        try {
          for (;;) yield frameOf(0, bodies[2]!);
        } finally {
          left.resolve(context.signal.aborted);
        }
      },
    };
    await withServer(producer, async (client) => {
      const leaving = new AbortController();
      const reading = client.doGet({}, { signal: leaving.signal })[Symbol.asyncIterator]();
      await reading.next();
      leaving.abort();
      expect(await left.promise).toBe(true);
    });
  });

  test("sees the address that the client reached, its headers, and answers with headers and trailers", async () => {
    const producer: FlightProducer = {
      async *listActions(context) {
        context.responseHeader.set("x-met", context.requestHeader.get("x-greeting") ?? "");
        context.responseTrailer.set("x-bye", "soon");
        yield { type: context.origin.host, description: context.peer };
      },
    };
    await withServer(producer, async (client, url) => {
      const seen = { header: "", trailer: "" };
      const calling = client.listActions(
        {},
        {
          headers: { "x-greeting": "hello" },
          onHeader: (header) => (seen.header = header.get("x-met") ?? ""),
          onTrailer: (trailer) => (seen.trailer = trailer.get("x-bye") ?? ""),
        },
      );
      const [action] = await Array.fromAsync(calling);
      expect(action).toMatchObject({
        type: new URL(url).host,
        description: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      });
      expect(seen).toEqual({ header: "hello", trailer: "soon" });
    });
  });

  test("to a server that drains may finish, while health says NOT_SERVING", async () => {
    const proceed = Promise.withResolvers<void>();
    const producer: FlightProducer = {
      async *doGet() {
        yield frameOf(0, bodies[1]!);
        await proceed.promise;
        yield frameOf(1, bodies[2]!);
      },
    };
    const server = createFlightServer({ producer });
    const { port } = await server.listen({ port: 0 });
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
    const watching = createClient(Health, transport).watch({})[Symbol.asyncIterator]();
    expect((await watching.next()).value).toMatchObject({ status: 1 });
    const reading = createClient(FlightService, transport).doGet({})[Symbol.asyncIterator]();
    await reading.next();
    const closing = server.close();
    expect((await watching.next()).value).toMatchObject({ status: 2 });
    proceed.resolve();
    expect((await reading.next()).value?.dataBody).toHaveLength(9_000);
    expect((await reading.next()).done).toBe(true);
    await closing;
  });
});

describe("a page of another origin", () => {
  const call = async (origin: string, init: RequestInit, corsOrigins: string[]) => {
    const server = createFlightServer({ producer, corsOrigins });
    const { port } = await server.listen({ port: 0 });
    try {
      const path = `/${FlightService.typeName}/GetFlightInfo`;
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: { origin, ...init.headers },
      });
      await response.arrayBuffer();
      return response;
    } finally {
      await server.close({ drainTimeoutMs: 0 });
    }
  };
  const preflight = {
    method: "OPTIONS",
    headers: { "access-control-request-method": "POST", "access-control-request-headers": "authorization,x-my-own" },
  };
  const post = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };

  test("that is allowed may send its own headers and read those of the answer", async () => {
    const allowed = await call("https://app.example", preflight, ["https://app.example"]);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(allowed.headers.get("access-control-allow-headers")).toBe("authorization,x-my-own");
    const answered = await call("https://app.example", post, ["https://app.example"]);
    expect(answered.headers.get("access-control-expose-headers")).toMatch(/x-arrow-status-message-bin/);
  });

  test.each([preflight, post])("that is not allowed gets no CORS header", async (init) => {
    const refused = await call("https://evil.example", init, ["https://app.example"]);
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
  });
});
