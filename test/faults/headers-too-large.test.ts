import { once } from "node:events";
import { connect, constants, type ClientHttp2Session } from "node:http2";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { sendRaw } from "../support/raw-http.ts";

const lines: string[] = [];
let server: FlightServer;
let port: number;
beforeAll(async () => {
  const note = (_details: object, message: string): void => void lines.push(message);
  const logger = { debug: () => {}, info: note, warn: note, error: note };
  const producer = createMemoryProducer();
  server = createFlightServer({ producer, catalog: producer, logger });
  ({ port } = await server.listen({ port: 0 }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));
beforeEach(() => void (lines.length = 0));

const path = "/hangar.v1.DatasetService/ListDatasets";

/** Headers of a value each; `count` of them. */
function headersOf(count: number, value: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, value]));
}

describe("over HTTP/2", () => {
  interface Ended {
    readonly status?: string | undefined;
    readonly message?: string | undefined;
    readonly rstCode: number;
  }

  async function call(session: ClientHttp2Session, headers: Record<string, string>): Promise<Ended> {
    const fields: Record<string, string> = {};
    const stream = session.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      ...headers,
    });
    const note = (seen: object): void => void Object.assign(fields, seen);
    stream
      .on("response", note)
      .on("trailers", note)
      .on("error", () => {});
    stream.resume();
    stream.end(Buffer.alloc(5));
    await new Promise((resolve) => stream.once("close", resolve));
    return { status: fields["grpc-status"], message: fields["grpc-message"], rstCode: stream.rstCode ?? 0 };
  }

  async function withSession(use: (session: ClientHttp2Session) => Promise<void>): Promise<void> {
    const session = connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1 << 20 });
    session.on("error", () => {});
    await once(session, "remoteSettings");
    await use(session);
    session.destroy();
  }

  test.each([
    ["three of 30 kB", headersOf(3, "a".repeat(30_000))],
    ["fifty of 2 kB", headersOf(50, "a".repeat(2_000))],
    ["two thousand of one letter", headersOf(2_000, "a")],
    ["one of 65 kB", headersOf(1, "a".repeat(65_500))],
  ])("%s are RESOURCE_EXHAUSTED, and the connection goes on", async (_what, headers) => {
    await withSession(async (session) => {
      const refused = await call(session, headers);
      expect(refused).toMatchObject({ status: "8", rstCode: 0 });
      expect(decodeURIComponent(refused.message ?? "")).toMatch(
        /^The headers of the request have \d+ bytes; the maximum is 65536/,
      );
      await expect.poll(() => lines).toHaveLength(1);
      expect(await call(session, headersOf(300, "a"))).toMatchObject({ status: "0" });
    });
  });

  test("what Node does not read is reset with the code that gRPC calls RESOURCE_EXHAUSTED, and the connection goes on", async () => {
    await withSession(async (session) => {
      const { rstCode } = await call(session, headersOf(20, "a".repeat(7_000)));
      expect(rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      expect(await call(session, {})).toMatchObject({ status: "0" });
    });
  });

  // nghttp2 decodes no value beyond 64 KiB, and no more than nine frames of a header (NGHTTP2_HD_MAX_NV,
  // NGHTTP2_DEFAULT_MAX_CONTINUATIONS); Node has no option for either.
  test.each([
    ["one value above 64 KiB", headersOf(1, "{".repeat(70_000)), constants.NGHTTP2_COMPRESSION_ERROR],
    ["more than nine frames", headersOf(5, "{".repeat(45_000)), constants.NGHTTP2_INTERNAL_ERROR],
  ])("%s ends the connection within nghttp2, and the log says so", async (_what, headers, code) => {
    await withSession(async (session) => {
      const goaway = once(session, "goaway");
      await call(session, headers);
      expect((await goaway)[0]).toBe(code);
      // The session may end after its last frame has arrived.
      await expect.poll(() => lines).toEqual([expect.stringMatching(/^refused a connection: /)]);
    });
    await withSession(async (session) => expect(await call(session, {})).toMatchObject({ status: "0" }));
  });
});

test.each([
  ["one of 65 kB", headersOf(1, "a".repeat(65_500))],
  ["one of 100 kB", headersOf(1, "a".repeat(100_000))],
  ["two thousand of one letter", headersOf(2_000, "a")],
])("over HTTP/1.1, %s are 431", async (_what, headers) => {
  const fields = { host: "localhost", "content-type": "application/json", "content-length": "2", connection: "close" };
  const head = Object.entries({ ...fields, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await sendRaw(port, `POST ${path} HTTP/1.1\r\n${head.join("")}\r\n{}`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain('{"code":"resource_exhausted","message":"The headers of the request have ');
  await expect.poll(() => lines).toHaveLength(1);
});

test("over HTTP/1.1, a thousand small headers are served", async () => {
  const fields = { host: "localhost", "content-type": "application/json", "content-length": "2", connection: "close" };
  const head = Object.entries({ ...fields, ...headersOf(1_000, "a") }).map(([name, value]) => `${name}: ${value}\r\n`);
  expect(await sendRaw(port, `POST ${path} HTTP/1.1\r\n${head.join("")}\r\n{}`)).toMatch(/^HTTP\/1\.1 200 /);
});
