import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken, hashPassword, type AccessConfig } from "../../src/auth/index.ts";
import { Metrics } from "../../src/server/index.ts";
import { serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";
import { createIssuer, type TestIssuer } from "./issuer.ts";

/* Sessions of browsers, as HTTP sees them: how they begin and end, what they count for, and who may act by them. */

const password = "canary-password-3f1b";
const { token, sha256 } = createToken();
const sessionKey = randomBytes(32);
const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
const listed = { origin: "https://app.example", "sec-fetch-site": "cross-site" };

let issuer: TestIssuer;
let config: AccessConfig;
const servers: GuardedServer[] = [];
/** Every line that any of the servers has logged. */
let log = "";
/** The metrics of the first of them. */
const metrics = new Metrics();

async function serve(changed: Partial<AccessConfig> = {}): Promise<GuardedServer> {
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString();
      done();
    },
  });
  const logger = pino({ level: "trace" }, sink);
  const options = {
    logger,
    ...(servers.length === 0 && { metrics }),
    corsOrigins: ["https://app.example"],
    trustedProxies: ["127.0.0.1"],
  };
  const server = await serveGuardedStore({ ...config, ...changed }, options);
  servers.push(server);
  return server;
}

async function send(
  server: GuardedServer,
  path: string,
  { body, ...init }: Omit<RequestInit, "body"> & { body?: unknown } = {},
): Promise<Response> {
  return await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...init,
    headers: { "content-type": "application/json", ...(init.headers as Record<string, string>) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Signs in, and returns the header that the browser sends from then on. */
async function signIn(server: GuardedServer, body: Record<string, string>): Promise<{ cookie: string }> {
  const response = await send(server, "/auth/sign-in", { body });
  expect(response.status).toBe(200);
  const [cookie = ""] = response.headers.getSetCookie();
  return { cookie: cookie.slice(0, cookie.indexOf(";")) };
}

const byPassword = { username: "ali", password };
const me = async (server: GuardedServer, headers: Record<string, string>): Promise<unknown> =>
  await (await send(server, "/auth/me", { headers })).json();
const list = (server: GuardedServer, headers: Record<string, string>): Promise<Response> =>
  send(server, "/hangar.v1.DatasetService/ListDatasets", { body: {}, headers });
const nobody = { subject: "", groups: [], canSignIn: true, canSignOut: false };

let server: GuardedServer;

beforeAll(async () => {
  issuer = await createIssuer();
  config = {
    anonymous: "none",
    sessionKey,
    tokens: [{ name: "etl", sha256, groups: ["robots"] }],
    users: [{ name: "ali", password: await hashPassword(password), groups: ["people"] }],
    jwt: [{ issuer: issuer.issuer, audience: issuer.audience, keys: { jwks: issuer.jwks } }],
    rules: [{ subjects: ["*"], rights: ["read", "replace", "drop", "admin"], datasets: ["**"] }],
  };
  server = await serve();
});
afterAll(async () => {
  for (const each of servers) await each[Symbol.asyncDispose]();
});

describe("a session", () => {
  test("begins by a password, by a token and by a JWT, and says who it is", async () => {
    expect(await me(server, await signIn(server, byPassword))).toEqual({
      subject: "ali",
      groups: ["people"],
      canSignIn: true,
      canSignOut: true,
    });
    expect(await me(server, await signIn(server, { token }))).toMatchObject({ subject: "etl", groups: ["robots"] });
    const jwt = await issuer.sign("bea");
    expect(await me(server, await signIn(server, { token: jwt }))).toMatchObject({ subject: "jwt:bea", groups: [] });
  });

  test("is a cookie that scripts and other sites cannot use, and no cache keeps", async () => {
    const plain = await send(server, "/auth/sign-in", { body: byPassword });
    expect(plain.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^hangar-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43\d\d\d$/),
    ]);
    expect(plain.headers.get("cache-control")).toBe("no-store");
    const proxied = await send(server, "/auth/sign-in", {
      body: byPassword,
      headers: { "x-forwarded-proto": "https" },
    });
    expect(proxied.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-hangar-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43\d\d\d; Secure$/,
      ),
    ]);
  });

  test("counts for RPCs, files and metrics", async () => {
    const cookie = await signIn(server, byPassword);
    expect((await list(server, cookie)).status).toBe(200);
    expect((await send(server, "/datasets/open/a", { headers: cookie })).status).toBe(200);
    expect((await send(server, "/metrics", { headers: cookie })).status).toBe(200);
    expect((await list(server, {})).status).toBe(401);
  });

  test("ends by a sign-out", async () => {
    const cookie = await signIn(server, byPassword);
    const response = await send(server, "/auth/sign-out", { body: {}, headers: cookie });
    expect(response.headers.getSetCookie()).toEqual(["hangar-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
  });

  test("is shared by servers with the same key, and by no others", async () => {
    const cookies = [await signIn(server, byPassword), await signIn(server, { token })];
    const [same, other] = [await serve(), await serve({ sessionKey: randomBytes(32) })];
    for (const cookie of cookies) {
      expect(await me(same, cookie)).toMatchObject({ canSignOut: true });
      expect(await me(other, cookie)).toEqual(nobody);
    }
  });

  test("ends when what it began by is removed or changed", async () => {
    const user = await signIn(server, byPassword);
    const robot = await signIn(server, { token });
    const stranger = await signIn(server, { token: await issuer.sign("bea") });
    const changed = await serve({
      tokens: [],
      jwt: [],
      users: [{ ...config.users![0]!, password: await hashPassword("x") }],
    });
    for (const cookie of [user, robot, stranger]) expect(await me(changed, cookie)).toEqual(nobody);
    const regrouped = await serve({ users: [{ ...config.users![0]!, groups: ["others"] }] });
    expect(await me(regrouped, user)).toMatchObject({ groups: ["others"] });
  });

  test("ends with its credentials, and after its own time", async () => {
    const [cookie = ""] = (
      await send(server, "/auth/sign-in", { body: { token: await issuer.sign("bea", { expiresIn: 100 }) } })
    ).headers.getSetCookie();
    expect(Number(/Max-Age=(\d+)/.exec(cookie)?.[1])).toBeLessThanOrEqual(100);
    const brief = await serve({ bearerSeconds: 1 });
    const session = await signIn(brief, byPassword);
    await expect.poll(() => me(brief, session)).toEqual(nobody);
  });

  test("is no bearer, and a bearer is no session", async () => {
    const { cookie } = await signIn(server, byPassword);
    const value = cookie.slice(cookie.indexOf("=") + 1);
    expect((await list(server, { authorization: `Bearer ${value}` })).status).toBe(401);
    expect(await me(server, { cookie: `hangar-session=${token}` })).toEqual(nobody);
    const middle = Math.floor(value.length / 2);
    const forged = value.slice(0, middle) + (value[middle] === "A" ? "B" : "A") + value.slice(middle + 1);
    expect(await me(server, { cookie: `hangar-session=${forged}` })).toEqual(nobody);
  });

  test("that does not count is the same as none: who may read without credentials still may", async () => {
    const open = await serve({ anonymous: "read" });
    expect((await list(open, { cookie: "hangar-session=of-another-server" })).status).toBe(200);
  });

  test("is not needed by those who show other credentials", async () => {
    const cookie = await signIn(server, byPassword);
    expect(await me(server, { ...cookie, authorization: `Bearer ${token}` })).toMatchObject({ subject: "etl" });
    expect((await list(server, { ...cookie, authorization: "Bearer wrong" })).status).toBe(401);
  });
});

describe("a page of another site", () => {
  const put = { method: "PUT", body: undefined };
  const acts: readonly [string, (headers: Record<string, string>) => Promise<Response>][] = [
    [
      "RPC by Connect",
      (headers) => send(server, "/hangar.v1.DatasetService/DropDataset", { body: { name: "open/a" }, headers }),
    ],
    ["PUT of a file", (headers) => send(server, "/datasets/open/new", { ...put, headers })],
    ["DELETE of a file", (headers) => send(server, "/datasets/open/a", { method: "DELETE", headers })],
    ["sign-in", (headers) => send(server, "/auth/sign-in", { body: byPassword, headers })],
    ["sign-out", (headers) => send(server, "/auth/sign-out", { body: {}, headers })],
  ];

  test.each(acts)("cannot act by the cookie of a browser: %s", async (_, act) => {
    const cookie = await signIn(server, byPassword);
    const before = await server.snapshot();
    const response = await act({ ...cookie, ...foreign });
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.json()).toMatchObject({ code: "permission_denied" });
    expect(await server.snapshot()).toEqual(before);
  });

  test.each(["application/grpc-web+proto", "application/connect+proto"])("cannot act by %s either", async (type) => {
    const cookie = await signIn(server, byPassword);
    const before = await server.snapshot();
    // A DoAction of drop-dataset with the name open/a.
    const message = Buffer.from([0x0a, 12, ...Buffer.from("drop_dataset"), 0x12, 6, ...Buffer.from("open/a")]);
    const body = Buffer.concat([Buffer.from([0, 0, 0, 0, message.byteLength]), message]);
    const answer = await fetch(`http://127.0.0.1:${server.port}/arrow.flight.protocol.FlightService/DoAction`, {
      method: "POST",
      headers: { ...cookie, ...foreign, "content-type": type },
      body,
    });
    expect(await answer.text()).toMatch(/grpc-status: ?7|permission_denied/);
    expect(await server.snapshot()).toEqual(before);
  });

  test("may act if its origin is listed by name, and a client that is no browser too", async () => {
    const cookie = await signIn(server, byPassword);
    for (const headers of [listed, {}]) {
      const response = await send(server, "/datasets/open/a", { method: "DELETE", headers: { ...cookie, ...headers } });
      expect(response.status).toBe(204);
      await server.reset();
    }
  });

  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])(
    "cannot sign anybody in by a form of %s",
    async (type) => {
      const response = await send(server, "/auth/sign-in", { body: byPassword, headers: { "content-type": type } });
      expect([response.status, response.headers.getSetCookie()]).toEqual([400, []]);
    },
  );
});

describe("sign-in", () => {
  test("offers what there is", async () => {
    expect(await (await send(server, "/auth/options")).json()).toEqual({
      password: true,
      token: true,
      provider: false,
    });
    const open = await serveGuardedStore();
    servers.push(open);
    expect(await (await send(open, "/auth/options")).json()).toEqual({
      password: false,
      token: false,
      provider: false,
    });
    expect(await me(open, {})).toEqual({ ...nobody, canSignIn: false });
    expect((await send(open, "/auth/sign-in", { body: byPassword })).status).toBe(501);
  });

  test.each([
    [{ username: "ali", password: "wrong" }, 401],
    [{ username: "nobody", password }, 401],
    [{ token: "wrong" }, 401],
    [{}, 401],
    [{ token: 1 }, 400],
    [[], 400],
    [{ token: "x".repeat(20_000) }, 429],
  ])("with %o is %i", async (body, status) => {
    const response = await send(server, "/auth/sign-in", { body, headers: { "x-forwarded-for": "192.0.2.9" } });
    expect(response.status).toBe(status);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test("is slowed for an address, by whatever way its attempts come", async () => {
    const from = { "x-forwarded-for": "spoofed, 198.51.100.1, 192.0.2.1" };
    const basic = { ...from, authorization: `Basic ${btoa("ali:wrong")}` };
    for (let i = 0; i < 6; i++) expect((await list(server, basic)).status).toBe(401);
    const guess = () => send(server, "/auth/sign-in", { body: { token: "wrong" }, headers: from });
    for (let i = 0; i < 5; i++) expect((await guess()).status).toBe(401);
    const signInFrom = () => send(server, "/auth/sign-in", { body: byPassword, headers: from });
    let refused = await signInFrom();
    // The first waits are so short that they may be over on a busy machine; they double with each guess.
    for (let i = 0; i < 8 && refused.status !== 429; i++) {
      await guess();
      refused = await signInFrom();
    }
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { code: "resource_exhausted", message: expect.stringMatching(/try again in \d+ s$/) as string },
    ]);
    const other = { "x-forwarded-for": "192.0.2.2" };
    expect((await send(server, "/auth/sign-in", { body: byPassword, headers: other })).status).toBe(200);
  });

  test("answers the right methods", async () => {
    expect((await send(server, "/auth/sign-in")).status).toBe(405);
    expect((await send(server, "/auth/me", { body: {} })).status).toBe(405);
    expect((await send(server, "/auth/else")).status).toBe(404);
  });

  test("leaves no secret in a log line, a metric or an answer", async () => {
    const { cookie } = await signIn(server, byPassword);
    const session = cookie.slice(cookie.indexOf("=") + 1);
    const answers = [
      await send(server, "/auth/sign-in", { body: { username: "ali", password: `${password}x` }, headers: foreign }),
      await send(server, "/auth/sign-in", { body: { username: password, password } }),
      await send(server, "/auth/sign-in", { body: { token: `${token}x` } }),
      await send(server, "/auth/sign-in", { body: `{"${password}` }),
      await send(server, "/auth/me", { headers: { cookie } }),
      await list(server, { cookie: `${cookie}x` }),
      await send(server, `/auth/sign-out`, { body: {}, headers: { cookie, ...foreign } }),
    ];
    const texts = [log, (await metrics.toText()).text, ...(await Promise.all(answers.map((answer) => answer.text())))];
    expect(log).toContain('"subject":"ali"');
    for (const secret of [password, token, session]) for (const text of texts) expect(text).not.toContain(secret);
  });
});
