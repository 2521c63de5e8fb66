import { connect as connectHttp2 } from "node:http2";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AccessConfig } from "../../src/auth/index.ts";
import type { WebFiles } from "../../src/server/index.ts";
import { sendPath } from "../../src/duplex/index.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { serveGuardedProxy, serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";
import { createIssuer, type TestIssuer } from "./issuer.ts";

/*
 * Plain HTTP, over HTTP/1.1 and HTTP/2: every path with every method by every credential, the statuses, and that a call
 * has no effect that it should not have.
 */

type Caller = "unknown" | "unable" | "creator" | "able";

let issuer: TestIssuer;
let stranger: TestIssuer;
let server: GuardedServer;
let proxy: GuardedServer;
const ended = new AsyncDisposableStack();
let parquet: Uint8Array<ArrayBuffer>;

const credentials: Record<string, [Caller, () => Promise<string | undefined>]> = {
  none: ["unknown", async () => undefined],
  malformed: ["unknown", async () => "Bearer"],
  expired: ["unknown", async () => `Bearer ${await issuer.sign("able", { expiresIn: -3600 })}`],
  "signed by another key": ["unknown", async () => `Bearer ${await stranger.sign("able")}`],
  "for another audience": ["unknown", async () => `Bearer ${await issuer.sign("able", { audience: "other" })}`],
  "without the right": ["unable", async () => `Bearer ${await issuer.sign("unable")}`],
  "that may create": ["creator", async () => `Bearer ${await issuer.sign("creator")}`],
  right: ["able", async () => `Bearer ${await issuer.sign("able")}`],
};

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
}

/** The statuses for each kind of caller; with `+` where the datasets change. */
const requests: [Request, Record<Caller, string>][] = [
  [
    { method: "GET", path: "/datasets/secret/a" },
    { unknown: "401", unable: "404", creator: "404", able: "200" },
  ],
  [
    { method: "HEAD", path: "/datasets/secret/a" },
    { unknown: "401", unable: "404", creator: "404", able: "200" },
  ],
  [
    { method: "GET", path: "/datasets/open/a" },
    { unknown: "401", unable: "200", creator: "404", able: "200" },
  ],
  [
    { method: "GET", path: "/datasets/secret/a?format=csv&limit=1" },
    { unknown: "401", unable: "404", creator: "404", able: "200" },
  ],
  [
    { method: "GET", path: "/datasets/secret/a?version=x" },
    { unknown: "401", unable: "404", creator: "404", able: "409" },
  ],
  [
    { method: "PUT", path: "/datasets/secret/new" },
    { unknown: "401", unable: "403", creator: "201 +", able: "201 +" },
  ],
  [
    { method: "PUT", path: "/datasets/secret/a" },
    { unknown: "401", unable: "403", creator: "403", able: "204 +" },
  ],
  [
    { method: "PUT", path: "/datasets/secret/a", headers: { "if-none-match": "*" } },
    { unknown: "401", unable: "403", creator: "412", able: "412" },
  ],
  [
    { method: "PUT", path: "/datasets/secret/a", headers: { "if-match": "*" } },
    { unknown: "401", unable: "403", creator: "403", able: "204 +" },
  ],
  [
    { method: "DELETE", path: "/datasets/secret/a" },
    { unknown: "401", unable: "404", creator: "404", able: "204 +" },
  ],
  [
    { method: "DELETE", path: "/datasets/open/a" },
    { unknown: "401", unable: "403", creator: "404", able: "204 +" },
  ],
  [
    { method: "GET", path: "/datasets/" },
    { unknown: "401", unable: "200", creator: "200", able: "200" },
  ],
  [
    { method: "GET", path: "/datasets/secret/" },
    { unknown: "401", unable: "404", creator: "404", able: "200" },
  ],
  [
    { method: "POST", path: "/datasets/secret/" },
    { unknown: "401", unable: "403", creator: "201 +", able: "201 +" },
  ],
  [
    { method: "POST", path: "/datasets/open/a" },
    { unknown: "405", unable: "405", creator: "405", able: "405" },
  ],
  [
    { method: "GET", path: "/metrics" },
    { unknown: "401", unable: "403", creator: "403", able: "200" },
  ],
  [
    { method: "GET", path: "/" },
    { unknown: "200", unable: "200", creator: "200", able: "200" },
  ],
  [
    { method: "GET", path: "/healthz" },
    { unknown: "200", unable: "200", creator: "200", able: "200" },
  ],
  [
    { method: "GET", path: "/readyz" },
    { unknown: "200", unable: "200", creator: "200", able: "200" },
  ],
  [
    { method: "GET", path: "/elsewhere" },
    { unknown: "404", unable: "404", creator: "404", able: "404" },
  ],
  [
    {
      method: "OPTIONS",
      path: "/datasets/secret/a",
      headers: { origin: "https://app.example", "access-control-request-method": "PUT" },
    },
    { unknown: "204", unable: "204", creator: "204", able: "204" },
  ],
];

const page: WebFiles = new Map([
  [
    "/",
    {
      contentType: "text/html",
      bytes: new Uint8Array(1),
      gzipped: new Uint8Array(1),
      etag: '"1"',
      isImmutable: false,
    },
  ],
]);

beforeAll(async () => {
  issuer = await createIssuer();
  stranger = await createIssuer();
  const config: AccessConfig = {
    anonymous: "none",
    jwt: [{ issuer: issuer.issuer, audience: issuer.audience, keys: { jwks: issuer.jwks } }],
    rules: [
      { subjects: ["jwt:able"], rights: ["read", "replace", "drop", "admin"], datasets: ["**"] },
      { subjects: ["jwt:creator"], rights: ["write"], datasets: ["**"] },
      { subjects: ["jwt:unable"], rights: ["read"], datasets: ["open/**"] },
    ],
  };
  const options = { webFiles: page, corsOrigins: ["https://app.example"] };
  server = ended.use(await serveGuardedStore(config, options));
  const upstream = ended.use(await serveGuardedStore());
  proxy = ended.use(await serveGuardedProxy(upstream, config, { kind: "none" }, options));
  const authorization = `Bearer ${await issuer.sign("able")}`;
  const response = await fetch(`http://127.0.0.1:${server.port}/datasets/secret/b`, { headers: { authorization } });
  parquet = new Uint8Array(await response.arrayBuffer());
});
afterAll(() => ended.disposeAsync());

type Send = (
  request: Request,
  port: number,
) => Promise<{ readonly status: number; readonly challenge: string | undefined }>;

const senders: Record<string, Send> = {
  "HTTP/1.1": async ({ method, path, headers }, port) => {
    const body = ["PUT", "POST"].includes(method) ? { body: parquet } : {};
    const url = `http://127.0.0.1:${port}${path}`;
    const response = await fetch(url, { method, ...(headers && { headers }), ...body });
    await response.bytes();
    return { status: response.status, challenge: response.headers.get("www-authenticate") ?? undefined };
  },
  "HTTP/2": async ({ method, path, headers }, port) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    try {
      const stream = session.request({ ":method": method, ":path": path, ...headers });
      stream.end(["PUT", "POST"].includes(method) ? parquet : undefined);
      const answered = Promise.withResolvers<Record<string, unknown>>();
      stream.once("response", answered.resolve).once("error", answered.reject).resume();
      const header = await answered.promise;
      const challenge = header["www-authenticate"] as string | undefined;
      return { status: Number(header[":status"]), challenge };
    } finally {
      session.destroy();
    }
  },
};

const cells = requests.flatMap(([request, expected]) =>
  Object.entries(credentials).map(([credential, [caller, make]]) => {
    const condition = Object.keys(request.headers ?? {})[0] ?? "no condition";
    return { request, expected: expected[caller], credential, make, condition, ...request };
  }),
);

/** A proxy forwards calls, but no files: of its datasets, plain HTTP shows nothing to anybody. */
function atProxy({ method, path }: Request, expected: string): string {
  return path.startsWith("/datasets/") && method !== "OPTIONS" ? "404" : expected;
}

describe.each(["the store", "a proxy"])("at %s", (kind) => {
  describe.each(Object.entries(senders))("over %s", (_version, send) => {
    test.each(cells)("$method $path ($condition) with credentials: $credential", async (cell) => {
      const { request, make } = cell;
      const asked = kind === "a proxy" ? proxy : server;
      const before = await asked.snapshot();
      const authorization = await make();
      const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
      const { status, challenge } = await send({ ...request, headers }, asked.port);
      const after = await asked.snapshot();
      const isChanged = before.join() !== after.join();
      if (isChanged) await asked.reset();
      const expected = kind === "a proxy" ? atProxy(request, cell.expected) : cell.expected;
      expect(`${status}${isChanged ? " +" : ""}`).toBe(expected);
      expect(challenge).toBe(status === 401 ? "Bearer" : undefined);
    });
  });
});

describe.each(Object.entries(senders))("a Send to an open stream of another caller, over %s", (_version, send) => {
  // As for Open, no credentials are needed: a page gets some by a handshake over a duplex stream.
  test.each(Object.entries(credentials))("with credentials: %s", async (credential, [caller, make]) => {
    const owner = { authorization: `Bearer ${await issuer.sign("owner")}` };
    const leaving = new AbortController();
    const duplex = createClient(
      DuplexService,
      createConnectTransport({ baseUrl: `http://127.0.0.1:${server.port}`, httpVersion: "2" }),
    );
    // A DoPut waits for its first message.
    const inner = Object.entries({ ...owner, "content-type": "application/grpc" });
    const opening = {
      path: "/arrow.flight.protocol.FlightService/DoPut",
      headers: inner.map(([name, value]) => ({ name, value })),
    };
    const events = duplex.open(opening, { headers: owner, signal: leaving.signal })[Symbol.asyncIterator]();
    const opened = (await events.next()).value?.event;
    const streamId = opened?.case === "opened" ? opened.value.streamId : "none";
    const sendBy = async (headers: Record<string, string>): ReturnType<Send> => {
      const all = { ...headers, "hangar-stream-id": streamId, "hangar-offset": "0", "hangar-end": "true" };
      return await send({ method: "POST", path: sendPath, headers: all }, server.port);
    };
    const authorization = await make();
    const { status, challenge } = await sendBy(authorization === undefined ? {} : { authorization });
    const isRefused = caller === "unknown" && credential !== "none";
    expect({ status, challenge }).toEqual(
      isRefused ? { status: 401, challenge: "Bearer" } : { status: 404, challenge: undefined },
    );
    // The stream has not ended, and its owner can still end it.
    expect((await sendBy(owner)).status).toBe(204);
    leaving.abort();
    await events.return?.().catch(() => {});
  });
});

test.each([
  ["a dataset", "/datasets/secret/a", 200],
  ["a missing dataset", "/datasets/secret/missing", 404],
  ["a call by GET", "/grpc.health.v1.Health/Check?connect=v1&encoding=json&message=%7B%7D", 200],
])("shared caches do not keep %s for callers with credentials", async (_what, path, status) => {
  const headers = { authorization: `Bearer ${await issuer.sign("able")}`, cookie: "session=x" };
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { headers });
  expect(response.status).toBe(status);
  expect(response.headers.get("cache-control")).toBe("private, no-cache");
  await response.bytes();
});
