import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { createCertificate } from "../support/certificate.ts";
import { readRefusal, type Answered } from "../support/read-refusal.ts";
import { patienceMs } from "../support/wait.ts";

const method = "/arrow.flight.protocol.FlightService/ListActions";

/** Content types of every protocol that a client may speak, in all their forms. */
const contentTypes = [
  "application/grpc",
  "application/grpc+json",
  "application/grpc-web+proto",
  "application/grpc-web-text",
  "application/connect+proto",
  "application/connect+json",
  "application/proto",
  "application/json",
  "text/plain",
];

/** What a request has besides what is right. */
interface Wrong {
  readonly path?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-${i}`, "a".repeat(2000)]));

/** What the request handler refuses, over both versions of HTTP: HTTP's status, the code of RPCs, and the words. */
const refusals: readonly [status: string, code: string, message: RegExp, wrong: Wrong][] = [
  ["400", "invalid_argument", /^The request's path has a backslash\.$/, { path: "/a\\b" }],
  ["400", "invalid_argument", /^The Host header is not a host and port\.$/, { host: "a:99999" }],
  [
    "403",
    "permission_denied",
    /^This server does not accept the host hangar; .* --allowed-host\.$/,
    { host: "hangar:8815" },
  ],
  ["403", "permission_denied", /^This server does not accept the host a{253};/, { host: "a".repeat(40_000) }],
  ["404", "unimplemented", /^This path does not exist\.$/, { path: "/nowhere" }],
  ["431", "resource_exhausted", /^The headers of the request have \d+ bytes; the maximum is 65536/, { headers: many }],
  ["431", "resource_exhausted", /^The headers of the request/, { headers: { x: "a".repeat(65_500) } }],
];

/** What Node's HTTP/1.1 server refuses: and the head of the request without its content type. */
const refusalsOfNode: readonly [status: string, code: string, message: RegExp, head: string[]][] = [
  ["400", "invalid_argument", /^The request is not HTTP\/1\.1: /, [`POST ${method} HTTP/1.1`, "no header"]],
  ["400", "invalid_argument", /^The request is not HTTP\/1\.1: /, [`POST ${method} HTTP/9.7`]],
  ["400", "invalid_argument", /^The request is not HTTP\/1\.1: /, [`POST ${method} HTTP/1.1`, "content-length: no"]],
  ["400", "invalid_argument", /^The request's path must be/, ["CONNECT a:443 HTTP/1.1", "host: a:443"]],
  [
    "400",
    "invalid_argument",
    /^The Host header/,
    [`POST ${method} HTTP/1.1`, "content-length: 0", "connection: close"],
  ],
];

const lines: string[] = [];

describe.each(["plaintext", "TLS"])("over %s,", (transport) => {
  let server: FlightServer;
  let port: number;
  beforeAll(async () => {
    const note = (_details: object, message: string): void => void lines.push(message);
    const logger = { debug: () => {}, info: note, warn: note, error: note };
    const tls = transport === "TLS" ? await createCertificate() : undefined;
    const corsOrigins = ["https://app.example"];
    // Of few refusals is each in the log; so each test has a log of its own.
    const start = async (): Promise<void> => {
      server = createFlightServer({ producer: createMemoryProducer(), corsOrigins, logger, tls });
      ({ port } = await server.listen({ port: 0 }));
    };
    restart = async () => {
      await server?.close({ drainTimeoutMs: 0 });
      await start();
    };
  });
  let restart: () => Promise<void>;
  beforeEach(async () => {
    await restart();
    lines.length = 0;
  });
  afterAll(() => server.close({ drainTimeoutMs: 0 }));

  const connectSocket = (): Socket =>
    transport === "TLS"
      ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["http/1.1"] })
      : connectTcp(port, "127.0.0.1");

  /** Sends a request by HTTP/1.1 as it is written, and reads until the server closes the connection. */
  async function sendHttp1(head: readonly string[], body = ""): Promise<Answered> {
    const socket = connectSocket().setTimeout(patienceMs, () =>
      socket.destroy(new Error("neither answered nor closed")),
    );
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
    const pieces: Buffer[] = [];
    socket.on("data", (piece: Buffer) => pieces.push(piece));
    await once(socket, "end");
    socket.destroy();
    return parseHttp1(Buffer.concat(pieces));
  }

  async function sendHttp2(headers: Record<string, string>): Promise<Answered> {
    const url = `${transport === "TLS" ? "https" : "http"}://127.0.0.1:${port}`;
    const session = connectHttp2(url, { maxSendHeaderBlockLength: 1 << 20, rejectUnauthorized: false });
    const stream = session.request(headers);
    stream.setTimeout(patienceMs, () => stream.destroy(new Error("neither answered nor closed")));
    const fields: Record<string, string> = {};
    stream.on("response", (header) => Object.assign(fields, header));
    stream.on("trailers", (trailers) => Object.assign(fields, trailers));
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.end();
    await once(stream, "close");
    session.destroy();
    return { status: Number(fields[":status"]), fields, body: Buffer.concat(pieces) };
  }

  const expected = (contentType: string, status: string, code: string, message: RegExp) => ({
    code: contentType === "text/plain" ? status : code,
    message: expect.stringMatching(message) as string,
  });

  describe.each(contentTypes)("a request of %s is refused in its form:", (contentType) => {
    test("by the request handler, over HTTP/2", async () => {
      for (const [status, code, message, { path = method, host = "localhost", headers = {} }] of refusals) {
        const answer = await sendHttp2({
          ":method": "POST",
          ":path": path,
          ":authority": host,
          "content-type": contentType,
          ...headers,
        });
        expect(readRefusal(contentType, answer)).toMatchObject(expected(contentType, status, code, message));
      }
      expect(lines).toHaveLength(refusals.length);
    });

    test("by the request handler, over HTTP/1.1", async () => {
      for (const [status, code, message, { path = method, host = "localhost", headers = {} }] of refusals) {
        const fields = { host, "content-type": contentType, "content-length": "0", connection: "close", ...headers };
        const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
        const answer = await sendHttp1([`POST ${path} HTTP/1.1`, ...head]);
        expect(readRefusal(contentType, answer)).toMatchObject(expected(contentType, status, code, message));
      }
      expect(lines).toHaveLength(refusals.length);
    });

    test("by Node's HTTP/1.1 server", async () => {
      for (const [status, code, message, [first = "", ...others]] of refusalsOfNode) {
        const answer = await sendHttp1([first, `content-type: ${contentType}`, ...others]);
        expect(readRefusal(contentType, answer)).toMatchObject(expected(contentType, status, code, message));
      }
      expect(lines).toHaveLength(refusalsOfNode.length);
    });
  });

  test("a header beyond what Node reads is refused in plain text by HTTP/1.1: its beginning is gone by then", async () => {
    const answer = await sendHttp1([`POST ${method} HTTP/1.1`, "host: localhost", `x: ${"a".repeat(140_000)}`]);
    expect(answer.status).toBe(431);
    expect(answer.body.toString()).toBe("The header of the request has more than 131072 bytes.\n");
    expect(lines).toEqual([expect.stringMatching(/more than 131072 bytes/)]);
  });

  test("a body that is not framed as HTTP says is refused as the answer to its request", async () => {
    const head = ["host: localhost", "content-type: application/json", "transfer-encoding: chunked"];
    const body = `1;${"a".repeat(20_000)}\r\n`;
    const answer = await sendHttp1(["POST /grpc.health.v1.Health/Check HTTP/1.1", ...head], body);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "resource_exhausted" });
  });

  test("an Expect that nobody knows is ignored", async () => {
    const head = ["host: localhost", "content-length: 2", "content-type: application/json", "connection: close"];
    const path = "/grpc.health.v1.Health/Check";
    const answer = await sendHttp1([`POST ${path} HTTP/1.1`, ...head, "expect: a-miracle"], "{}");
    expect(answer.status).toBe(200);
  });

  test("a page that may call the server may read why it was refused", async () => {
    const fields = { host: "hangar", "content-type": "application/json", origin: "https://app.example" };
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
    const answer = await sendHttp1([`POST ${method} HTTP/1.1`, ...head, "content-length: 0", "connection: close"]);
    expect(answer).toMatchObject({
      status: 403,
      fields: { "access-control-allow-origin": "https://app.example" },
    });
  });

  test("words are not put in the place of an answer that is yet to come", async () => {
    const pipelined = ["GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n", "no request at all\r\n\r\n"];
    const answer = await sendHttp1([pipelined.join("")]);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).not.toContain("not HTTP/1.1");
  });
});

function parseHttp1(bytes: Buffer): Answered {
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const fields = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(first.split(" ")[1]), fields, body: bytes.subarray(end + 4) };
}
