import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandOf } from "../../scripts/clients.ts";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { ensurePython } from "../../scripts/python.ts";
import { createAccess, createToken, hashPassword, type AccessConfig } from "../../src/auth/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { authBasicProto } from "../conformance/scenarios/auth-basic-proto.ts";
import { middleware } from "../conformance/scenarios/middleware.ts";
import { runIntegrationClient } from "../conformance/integration-client.ts";
import { createAuthority, type TestAuthority } from "../support/authority.ts";
import { startChild } from "../support/child.ts";
import { serveProxy } from "../support/proxy.ts";
import { startGoProgram, startGoServer, type GoServer } from "../support/start-go-server.ts";
import { serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";

/** Clients of others, and our own, against servers that ask who calls. */

/** Building a client where nothing is cached, in milliseconds; far above what it takes. */
const buildLimitMs = 900_000;

const run = promisify(execFile);
const etl = createToken();
let config: AccessConfig;
beforeAll(async () => {
  config = {
    anonymous: "none",
    tokens: [{ name: "etl", sha256: etl.sha256 }],
    users: [{ name: "ann", password: await hashPassword("pass:word"), groups: ["readers"] }],
    rules: [
      { subjects: ["etl"], rights: ["read", "replace", "drop"], datasets: ["**"] },
      { groups: ["readers"], rights: ["read"], datasets: ["open/**"] },
    ],
  };
});

/** Runs a program that prints a line of JSON for each check, and gives those that failed. */
async function failuresOf(program: string, args: readonly string[]): Promise<Record<string, string>> {
  await using child = startChild(program, args);
  await child.exit(120_000).catch(() => {});
  const lines = child.stdout().split("\n");
  const results = lines
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { check: string; error: string });
  expect(results.length, child.output()).toBeGreaterThan(2);
  return Object.fromEntries(results.filter(({ error }) => error !== "").map(({ check, error }) => [check, error]));
}

describe("over plaintext", () => {
  let server: GuardedServer;
  beforeAll(async () => void (server = await serveGuardedStore(config)));
  afterAll(() => server[Symbol.asyncDispose]());

  test(
    "pyarrow signs in by token, by Basic and by a message",
    async () => {
      const script = join(import.meta.dirname, "clients.py");
      const args = ["-B", script, String(server.port), etl.token];
      expect(await failuresOf(await ensurePython(), args)).toEqual({});
    },
    buildLimitMs,
  );

  test("our client signs in by Basic, and sees what it may read", async () => {
    const client = connect(`grpc://127.0.0.1:${server.port}`);
    await expect(Array.fromAsync(client.list())).rejects.toMatchObject({ code: "unauthenticated" });
    await client.flight.authenticateBasic("ann", "pass:word");
    expect((await Array.fromAsync(client.list())).map(({ name }) => name)).toEqual(["open/a"]);
    await expect(client.get("secret/a").table()).rejects.toMatchObject({ code: "not_found" });
    client.close();
  });

  test("curl signs in by a password and by a token", async () => {
    const url = `http://127.0.0.1:${server.port}`;
    const statusOf = async (...args: string[]): Promise<string> => {
      return (await run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...args])).stdout;
    };
    const file = `${url}/datasets/open/a`;
    expect(await statusOf(file)).toBe("401");
    expect(await statusOf("-u", "ann:wrong", file)).toBe("401");
    expect(await statusOf("-u", "ann:pass:word", file)).toBe("200");
    expect(await statusOf("-H", `authorization: Bearer ${etl.token}`, `${url}/datasets/secret/a`)).toBe("200");
    const list = ["-H", "content-type: application/json", "-d", "{}", `${url}/hangar.v1.DatasetService/ListDatasets`];
    expect(await statusOf(...list)).toBe("401");
    const { stdout } = await run("curl", ["-s", "-u", "ann:pass:word", ...list]);
    expect((JSON.parse(stdout) as { datasets: { name: string }[] }).datasets.map(({ name }) => name)).toEqual([
      "open/a",
    ]);
  });
});

describe("over TLS, with client certificates", () => {
  let authority: TestAuthority;
  let others: TestAuthority;
  let server: GuardedServer;
  beforeAll(async () => {
    [authority, others] = [await createAuthority(), await createAuthority()];
    const { cert, key } = await authority.issue("/CN=localhost", "DNS:localhost,IP:127.0.0.1");
    const principals = [{ match: "URI:spiffe://example/ann", name: "ann", groups: ["readers"] }];
    const clientCertificates = { ca: authority.ca, principals };
    server = await serveGuardedStore({ ...config, clientCertificates }, { tls: { cert, key, clientCa: authority.ca } });
  });
  afterAll(async () => {
    for (const each of [server, authority, others]) await each[Symbol.asyncDispose]();
  });

  test(
    "pyarrow is known by its certificate",
    async () => {
      const ann = await authority.issue("/O=Example/CN=ann", "URI:spiffe://example/ann");
      const stranger = await others.issue("/O=Example/CN=ann", "URI:spiffe://example/ann");
      const expired = await authority.issueExpired("/O=Example/CN=ann", "URI:spiffe://example/ann");
      const files = [
        authority.caPath,
        ...[ann, stranger, expired].flatMap(({ certPath, keyPath }) => [certPath, keyPath]),
      ];
      const script = join(import.meta.dirname, "clients.py");
      const args = ["-B", script, String(server.port), "--tls", ...files];
      expect(await failuresOf(await ensurePython(), args)).toEqual({});
    },
    buildLimitMs,
  );

  test("curl is known by its certificate over HTTP/1.1 and HTTP/2, one of nobody or an expired one is not, and a token goes before", async () => {
    const ann = await authority.issue("/O=Example/CN=ann", "URI:spiffe://example/ann");
    const nobody = await authority.issue("/O=Example/CN=eve");
    const expired = await authority.issueExpired("/O=Example/CN=ann", "URI:spiffe://example/ann");
    const stranger = await others.issue("/O=Example/CN=ann", "URI:spiffe://example/ann");
    const statusOf = async (path: string, ...args: string[]): Promise<string> => {
      const url = `https://localhost:${server.port}/datasets/${path}`;
      const all = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", authority.caPath, ...args, url];
      return (await run("curl", all)).stdout;
    };
    const by = ({ certPath, keyPath }: typeof ann) => ["--cert", certPath, "--key", keyPath];
    for (const version of ["--http1.1", "--http2"]) {
      expect(await statusOf("open/a", version)).toBe("401");
      expect(await statusOf("open/a", version, ...by(ann))).toBe("200");
      expect(await statusOf("secret/a", version, ...by(ann))).toBe("404");
      expect(await statusOf("open/a", version, ...by(nobody))).toBe("401");
      expect(await statusOf("open/a", version, ...by(stranger))).toBe("401");
      expect(await statusOf("open/a", version, ...by(expired))).toBe("401");
      const token = ["-H", `authorization: Bearer ${etl.token}`];
      expect(await statusOf("secret/a", version, ...by(ann), ...token)).toBe("200");
      expect(await statusOf("secret/a", version, ...by(stranger), ...token)).toBe("401");
      expect(await statusOf("secret/a", version, ...by(expired), ...token)).toBe("401");
    }
  });
});

describe("the official Go client", () => {
  beforeAll(() => ensureGoTool("arrow-flight-integration-client"), buildLimitMs);

  test("auth:basic_proto", async () => {
    const { doAction } = authBasicProto().producer;
    const users = [{ name: "arrow", password: await hashPassword("flight") }];
    const server = createFlightServer({
      producer: { doAction: doAction! },
      ...createAccess({ anonymous: "none", users }),
    });
    const { port } = await server.listen({ port: 0 });
    const { exitCode, output } = await runIntegrationClient(port, ["-scenario", "auth:basic_proto"]);
    await server.close({ drainTimeoutMs: 0 });
    expect(exitCode, output).toBe(0);
  });

  test("middleware, for callers who need no credentials to read", async () => {
    const access = createAccess({ ...config, anonymous: "read" });
    const server = createFlightServer({ producer: middleware().producer, ...access });
    const { port } = await server.listen({ port: 0 });
    const { exitCode, output } = await runIntegrationClient(port, ["-scenario", "middleware"]);
    await server.close({ drainTimeoutMs: 0 });
    expect(exitCode, output).toBe(0);
  });
});

describe("through a proxy that asks who calls", () => {
  const ways = { "a password": "password", "a token": "token" };

  async function checkThrough(start: () => Promise<GoServer>, program: string, args: (port: number) => string[]) {
    await using parts = new AsyncDisposableStack();
    const upstream = parts.use(await start());
    const sqlConfig: AccessConfig = {
      ...config,
      rules: [{ subjects: ["ann", "etl"], rights: ["read", "replace"], datasets: ["**"] }],
    };
    const options = { upstream: `grpc://localhost:${upstream.port}`, credentials: { kind: "none" } as const };
    const proxy = parts.use(await serveProxy(options, createAccess(sqlConfig)));
    return await failuresOf(program, args(proxy.port));
  }

  test.each(Object.entries(ways))(
    "ADBC signs in by %s",
    async (_what, way) => {
      const script = join(import.meta.dirname, "../clients/python/adbc.py");
      const credentials = way === "password" ? ["ann", "pass:word"] : [`Bearer ${etl.token}`];
      const args = (port: number) => ["-B", script, "127.0.0.1", String(port), ...credentials];
      const start = (): Promise<GoServer> => startGoServer("sqlite_flightsql_server");
      expect(await checkThrough(start, await ensurePython("clients"), args)).toEqual({});
    },
    buildLimitMs,
  );

  test.each(Object.entries(ways))(
    "JDBC signs in by %s",
    async (_what, way) => {
      const [program, first] = await commandOf("java", "SqlChecks");
      const parameters = way === "password" ? "user=ann&password=pass:word" : `token=${etl.token}`;
      const args = (port: number) => [...first, "127.0.0.1", String(port), parameters];
      const start = async (): Promise<GoServer> => await startGoProgram((await commandOf("go-sql", ""))[0]);
      expect(await checkThrough(start, program, args)).toEqual({});
    },
    buildLimitMs,
  );
});
