import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, test } from "vitest";
import { connect as connectByFetch } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createPathDescriptor, FlightError } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { createFlightServer, type TlsOptions } from "../../src/server/index.ts";
import { framesOf } from "../client/scenario-producer.ts";
import { createCertificate } from "../support/certificate.ts";
import { freePort } from "../support/free-port.ts";
import { serveProxy } from "../support/proxy.ts";
import { answerWith, startRawUpstream } from "../support/raw-upstream.ts";

const descriptor = createPathDescriptor(["a"]);

describe("headers", () => {
  test("of credentials, sessions and traces go to the upstream, others only if they are named", async () => {
    await using upstream = await startRawUpstream((stream) => answerWith(stream, 0));
    const location = `grpc://127.0.0.1:${upstream.port}`;
    const headers = {
      authorization: "Bearer t",
      "auth-token-bin": "AAEC",
      cookie: "a=b; c=d",
      "x-tenant": "7",
      "x-other": "8",
      "x-forwarded-for": "1.2.3.4",
      "proxy-authorization": "Basic x",
    };
    const seen = async (forwardHeaders: string[]): Promise<string[]> => {
      await using proxy = await serveProxy({ upstream: location, forwardHeaders });
      for (const client of [connect(proxy.url), connectByFetch(proxy.url)]) {
        await client.flight.getFlightInfo(descriptor, { headers: new Headers(headers) });
        client.close();
      }
      const [native, web] = upstream.requests
        .slice(-2)
        .map((request) =>
          Object.keys(headers).filter((name) => request[name] === headers[name as keyof typeof headers]),
        );
      expect(web).toEqual(native);
      return native!;
    };
    const always = ["authorization", "auth-token-bin", "cookie"];
    expect(await seen([])).toEqual(always);
    expect(await seen(["x-tenant"])).toEqual([...always, "x-tenant"]);
    expect(await seen(["*"])).toEqual([...always, "x-tenant", "x-other"]);
  });

  test("of cookies that a browser adds reach the upstream, with a put too", async () => {
    await using upstream = await startRawUpstream((stream) => answerWith(stream, 0));
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    const fetchWithCookie: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set("cookie", "session=1");
      return fetch(url, { ...init, headers });
    };
    const { flight } = connectByFetch(proxy.url, { fetch: fetchWithCookie });
    await flight.getFlightInfo(descriptor);
    await Array.fromAsync(flight.doPut([]));
    expect(upstream.requests.map(({ cookie }) => cookie)).toEqual(["session=1", "session=1"]);
  });

  test("and trailers of answers come back, those of a failure too", async () => {
    const details = Buffer.from("\x08\x00 no status").toString("base64");
    const headers = { "x-answer": "yes", "set-cookie": ["a=1; Path=/", "b=2"], "x-forwarded-for": "1", via: "2 x" };
    const trailers = { "x-last": "word", "x-arrow-status": "5", "grpc-status-details-bin": details };
    await using upstream = await startRawUpstream((stream, index) =>
      index === 0
        ? answerWith(stream, 0, { headers, trailers: { "x-last": "word" } })
        : answerWith(stream, 9, {
            messages: 0,
            headers,
            trailers: { ...trailers, "grpc-message": "100%25 wrong: %E2%82%AC" },
          }),
    );
    await using proxy = await serveProxy({ upstream: `grpc://127.0.0.1:${upstream.port}` });
    const native = createClient(FlightService, createGrpcTransport({ baseUrl: proxy.url }));
    const seen: Headers[] = [];
    const look = (each: Headers): void => void seen.push(each);
    await native.getFlightInfo(descriptor, { onHeader: look, onTrailer: look });
    expect([seen[0]!.get("x-answer"), seen[0]!.getSetCookie(), seen[0]!.get("via"), seen[1]!.get("x-last")]).toEqual([
      "yes",
      ["a=1; Path=/", "b=2"],
      null,
      "word",
    ]);
    const headers9 = { "content-type": "application/json" };
    const path = `${proxy.url}/${FlightService.typeName}/GetFlightInfo`;
    const response = await fetch(path, { method: "POST", headers: headers9, body: "{}" });
    expect(await response.json()).toEqual({ code: "failed_precondition", message: "100% wrong: €" });
    expect(response.headers.get("x-answer")).toBe("yes");
    expect(response.headers.get("trailer-x-arrow-status")).toBe("5");
    // They are for those who know what they are; Connect's own clients would read a status out of them.
    expect(response.headers.has("trailer-grpc-status-details-bin")).toBe(false);
  });
});

describe("locations", () => {
  let close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of close) await each();
    close = [];
  });

  const serve = async (producer: FlightProducer): Promise<string> => {
    const server = createFlightServer({ producer });
    close.push(() => server.close({ drainTimeoutMs: 0 }));
    return `grpc://127.0.0.1:${(await server.listen({ port: 0 })).port}`;
  };

  /** Two servers; the first describes a flight of two endpoints, of which the second has one. */
  async function serveTwo(): Promise<{ main: string; other: string; seen: Headers[] }> {
    const seen: Headers[] = [];
    const other = await serve({
      async *doGet(context, { ticket }) {
        seen.push(context.requestHeader);
        context.responseHeader.append("set-cookie", "other=1");
        if (Buffer.from(ticket).toString() !== "2") throw new FlightError("not_found", "the other has only 2");
        yield* framesOf(2);
      },
    });
    const main = await serve({
      async getFlightInfo() {
        const uris = ["grpc://0.0.0.0:1", other];
        return {
          endpoint: uris.map((uri, i) => ({ ticket: { ticket: Buffer.from(String(i + 1)) }, location: [{ uri }] })),
          ordered: true,
        };
      },
      async *doGet(_context, { ticket }) {
        if (Buffer.from(ticket).toString() !== "1") throw new FlightError("not_found", "the first has only 1");
        yield* framesOf(1);
      },
    });
    return { main, other, seen };
  }

  test("of other servers are not reached unless they are allowed", async () => {
    const { main, other, seen } = await serveTwo();
    await using proxy = await serveProxy({ upstream: main });
    const client = connectByFetch(proxy.url);
    const info = await client.flight.getFlightInfo(descriptor);
    const own = `grpc+tcp://127.0.0.1:${proxy.port}`;
    for (const { location } of info.endpoint) {
      expect(location.map(({ uri }) => new URL(uri).host)).toContain(new URL(own).host);
      expect(location.map(({ uri }) => uri).join()).not.toContain(new URL(other).port);
    }
    await expect(client.get("a").table()).rejects.toMatchObject({ message: "the first has only 1" });
    const choosing = client.flight.doGet(info.endpoint[1]!.ticket!, { headers: { "hangar-upstream": other } });
    await expect(Array.fromAsync(choosing)).rejects.toMatchObject({ code: "permission_denied" });
    expect(seen).toEqual([]);
  });

  test("of thousands of endpoints are changed in each protocol", async () => {
    const tickets = Array.from({ length: 10_000 }, (_, i) => Buffer.from(String(i).padStart(200)));
    const upstream = await serve({
      async getFlightInfo() {
        return { endpoint: tickets.map((ticket) => ({ ticket: { ticket }, location: [{ uri: "grpc://0.0.0.0:1" }] })) };
      },
    });
    await using proxy = await serveProxy({ upstream });
    for (const connectBy of [connectByFetch, connect]) {
      const client = connectBy(proxy.url);
      const { endpoint } = await client.flight.getFlightInfo(descriptor);
      expect(endpoint).toHaveLength(tickets.length);
      expect(endpoint.at(-1)!.location.map(({ uri }) => new URL(uri).host)).toContain(`127.0.0.1:${proxy.port}`);
      client.close();
    }
  });

  test("of allowed servers are reached by the client's choice, without its credentials", async () => {
    const { main, other, seen } = await serveTwo();
    await using proxy = await serveProxy({ upstream: main, allow: [other], forwardHeaders: ["*"] });
    for (const connectBy of [connectByFetch, connect]) {
      const client = connectBy(proxy.url, { headers: { authorization: "Bearer secret", cookie: "a=b", "x-key": "1" } });
      const table = await client.get("a").table();
      expect(table.toArray().map((row: { n: number } | null) => row?.n)).toEqual([1, 2]);
      client.close();
    }
    expect(seen).toHaveLength(2);
    for (const header of seen) {
      for (const name of ["authorization", "cookie", "x-key", "hangar-upstream"]) expect(header.has(name)).toBe(false);
    }
    const cookies: string[] = [];
    const onHeader = (header: Headers): void => void cookies.push(...header.getSetCookie());
    const headers = { "hangar-upstream": other };
    await Array.fromAsync(connect(proxy.url).flight.doGet({ ticket: Buffer.from("2") }, { headers, onHeader }));
    expect(cookies).toEqual([]);
  });

  test("of allowed servers are tried one after the other where the first of them is down", async () => {
    const seen: string[] = [];
    const nodes = [`grpc://127.0.0.1:${await freePort()}`];
    nodes.push(
      await serve({
        async *doGet(_context, { ticket }) {
          seen.push(Buffer.from(ticket).toString());
          yield* framesOf(2);
        },
      }),
    );
    const main = await serve({
      async getFlightInfo() {
        return { endpoint: [{ ticket: { ticket: Buffer.from("t") }, location: nodes.map((uri) => ({ uri })) }] };
      },
    });
    await using proxy = await serveProxy({ upstream: main, allow: nodes });
    for (const connectBy of [connectByFetch, connect]) {
      const client = connectBy(proxy.url);
      const table = await client.get("a").table();
      expect(table.toArray().map((row: { n: number } | null) => row?.n)).toEqual([2]);
      client.close();
    }
    expect(seen).toEqual(["t", "t"]);
  });
});

describe("TLS to the upstream", () => {
  const ask = async (upstream: string, tls: Parameters<typeof createProxy>[0]["tls"]): Promise<unknown> => {
    await using proxy = await serveProxy({ upstream, tls });
    return await connect(proxy.url).flight.listActions().next();
  };
  const serveTls = async (tls: TlsOptions) => {
    const server = createFlightServer({ producer: createMemoryProducer(), tls });
    const { port } = await server.listen({ port: 0 });
    return { port, [Symbol.asyncDispose]: () => server.close({ drainTimeoutMs: 0 }) };
  };

  test("trusts what it is told to trust, for the name that it is told", async () => {
    const certificate = await createCertificate();
    await using server = await serveTls(certificate);
    const upstream = `grpc+tls://127.0.0.1:${server.port}`;
    expect(await ask(upstream, { ca: certificate.cert })).toMatchObject({ done: false });
    expect(await ask(upstream, { ca: certificate.cert, servername: "localhost" })).toMatchObject({ done: false });
    await expect(ask(upstream, {})).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("certificate that is not trusted") as string,
    });
    await expect(ask(upstream, { ca: certificate.cert, servername: "other.example" })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("certificate that is not trusted") as string,
    });
    await expect(ask(upstream.replace("+tls", ""), {})).rejects.toMatchObject({ code: "unavailable" });
  });

  test("shows its certificate where the upstream asks for one", async () => {
    const [server, client] = await Promise.all([createCertificate(), createCertificate()]);
    const demanding = { ...server, ca: client.cert, requestCert: true, rejectUnauthorized: true };
    await using upstream = await startRawUpstream((stream) => answerWith(stream, 0), { tls: demanding });
    const location = `grpc+tls://localhost:${upstream.port}`;
    await expect(ask(location, { ca: server.cert })).rejects.toMatchObject({ code: "unavailable" });
    expect(await ask(location, { ca: server.cert, ...client })).toMatchObject({ done: false });
  });
});
