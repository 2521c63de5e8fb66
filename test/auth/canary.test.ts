import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../src/auth/index.ts";
import { startChild, type Child } from "../support/child.ts";
import { startTraceCollector, type TraceCollector } from "../support/trace-collector.ts";
import { waitUntil } from "../support/wait.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";
import { calls } from "./calls.ts";
import { cheapHash } from "./cheap-hash.ts";
import { createIssuer } from "./issuer.ts";
import { waysIn } from "./ways-in.ts";

/*
 * No secret of a caller or of the configuration appears anywhere: not in the log at its most verbose level, not in an
 * answer, a trace, a report of Node, or the list of processes.
 */

const token = createToken();
const password = "canary-password-7Zq";
const sessionKey = Buffer.from("canary-session-key-0123456789abcdef").toString("base64");
const secrets: string[] = [];

let folder: TemporaryFolder;
let child: Child;
let proxy: Child;
let proxyPort: number;
let collector: TraceCollector;
let port: number;
let jwt: string;
let hash: string;
let session: string;

beforeAll(async () => {
  folder = await createTemporaryFolder();
  const issuer = await createIssuer();
  jwt = await issuer.sign("ann", { claims: { canary: "canary-claim-7Zq" } });
  hash = cheapHash(password);
  await writeFile(join(folder.path, "keys.json"), JSON.stringify(issuer.jwks));
  await writeFile(
    join(folder.path, "hangar.toml"),
    `repo = "datasets"
log-level = "trace"
session-key = "${sessionKey}"
tokens = [{ name = "etl", sha256 = "${token.sha256}" }]
users = [{ name = "ann", password = "${hash}" }]
jwt = [{ issuer = "${issuer.issuer}", audience = "${issuer.audience}", jwks-file = "keys.json" }]
rules = [{ subjects = ["etl", "ann", "jwt:ann"], rights = ["read", "replace", "drop", "admin"], datasets = ["**"] }]
`,
  );
  collector = await startTraceCollector();
  const telemetry = join(import.meta.dirname, "../support/telemetry.mjs");
  const env = {
    NODE_OPTIONS: `--import ${telemetry} --report-on-signal --report-directory=${folder.path}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    HANGAR_TOKEN: "canary-variable-7Zq",
    AWS_SECRET_ACCESS_KEY: "canary-aws-7Zq",
  };
  const start = async (...args: string[]): Promise<[Child, number]> => {
    const started = startChild(process.execPath, [hangarProgram, "serve", "--port", "0", ...args], env);
    return [started, Number((await started.waitFor(/Flight at grpc:\/\/127\.0\.0\.1:(\d+)/))[1])];
  };
  [child, port] = await start("--config", join(folder.path, "hangar.toml"));
  await writeFile(join(folder.path, "upstream.token"), token.token);
  const upstream = ["--upstream", `grpc://127.0.0.1:${port}`];
  [proxy, proxyPort] = await start(
    ...upstream,
    "--log-level",
    "trace",
    "--upstream-token-file",
    join(folder.path, "upstream.token"),
  );
});
afterAll(async () => {
  for (const each of [proxy, child, collector]) await each[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Values of headers that have a secret, right ones and wrong ones. */
function positions(): Record<string, Record<string, string>> {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;
  const binary = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");
  return {
    "a token": { authorization: `Bearer ${token.token}` },
    "a wrong token": { authorization: "Bearer canary-wrong-7Zq" },
    "a wrong scheme": { authorization: "Canary canary-scheme-7Zq" },
    "a password": { authorization: basic(`ann:${password}`) },
    "a wrong password": { authorization: basic("ann:canary-mistyped-7Zq") },
    "a password without a name": { authorization: basic("canary-mistyped-7Zq") },
    "a JWT": { authorization: `Bearer ${jwt}` },
    "a JWT that was changed": { authorization: `Bearer ${jwt.slice(0, -4)}AAAA` },
    "a binary token": { "auth-token-bin": binary(token.token) },
    "a wrong binary token": { "auth-token-bin": binary("canary-binary-7Zq") },
    "a cookie": { cookie: "session=canary-cookie-7Zq" },
    "a session": { cookie: `hangar-session=${session}` },
    "a sign-in at a provider": { cookie: "hangar-sign-in=canary-cookie-7Zq" },
  };
}

/** Paths of all parts of the server, some of them with a secret in the query. */
const paths = [
  "/datasets/a",
  "/metrics",
  "/",
  "/healthz",
  "/elsewhere",
  "/auth/me",
  "/auth/oidc/callback?code=canary-code-7Zq&state=canary-code-7Zq",
];

/** A secret as it may stand somewhere. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

function assertSilent(text: string, what: string): void {
  expect(secrets.length).toBeGreaterThan(5);
  for (const form of secrets.flatMap(formsOf)) expect(text.includes(form), `${what} has ${form}`).toBe(false);
}

test("no answer, no line of the log and no trace has a secret", async () => {
  secrets.push(password, sessionKey, hash, token.token, token.sha256, jwt, "canary-claim-7Zq");
  secrets.push(
    "canary-wrong-7Zq",
    "canary-scheme-7Zq",
    "canary-mistyped-7Zq",
    "canary-binary-7Zq",
    "canary-cookie-7Zq",
    "canary-code-7Zq",
    "canary-variable-7Zq",
    "canary-aws-7Zq",
  );
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ username: "ann", password });
  const signedIn = await fetch(`http://127.0.0.1:${port}/auth/sign-in`, { method: "POST", headers, body });
  session = /hangar-session=([^;]+)/.exec(signedIn.headers.getSetCookie().join())![1]!;
  secrets.push(session);
  const seen: string[] = [];
  for (const [position, headers] of Object.entries(positions())) {
    for (const createTransport of Object.values(waysIn)) {
      const transport = createTransport({ port });
      for (const name of [
        "Flight.listFlights (all)",
        "Flight.doGet (the ticket of a dataset)",
        "Flight.handshake (says nothing)",
        "Dataset.listDatasets (all)",
      ]) {
        seen.push(await calls.get(name)!.run(transport, headers).then(String, describe));
      }
    }
    for (const path of paths) {
      for (const reached of [port, proxyPort]) {
        const response = await fetch(`http://127.0.0.1:${reached}${path}`, { headers, redirect: "manual" });
        seen.push(JSON.stringify([...response.headers]), await response.text());
      }
    }
    assertSilent(seen.splice(0).join("\n"), `an answer to ${position}`);
  }
  for (const [what, { output }] of Object.entries({ "the log": child, "the proxy's log": proxy })) {
    await waitUntil("the log is long", () => output().split("\n").length > 20);
    assertSilent(output(), what);
  }
  await waitUntil("the traces are there", () => collector.spans.length > 100);
  assertSilent(JSON.stringify(collector.spans), "a trace");
});

test("no report of Node and no list of processes has a secret", async () => {
  for (const each of [child, proxy]) {
    const { pid } = each;
    const isReport = (name: string): boolean => name.startsWith("report.") && name.includes(`.${pid}.`);
    process.kill(pid, "SIGUSR2");
    await waitUntil("the report is there", async () => (await readdir(folder.path)).some(isReport));
    const name = (await readdir(folder.path)).find(isReport)!;
    const read = async (): Promise<string> => await readFile(join(folder.path, name), "utf8");
    await waitUntil("the report is whole", async () => (await read()).endsWith("}\n"));
    assertSilent(await read(), "a report of Node");
    for (const file of ["cmdline", "comm"]) assertSilent(await readFile(`/proc/${pid}/${file}`, "utf8"), file);
  }
});

test("a URL with credentials is refused, and not repeated", async () => {
  const url = "grpc://ann:canary-url-7Zq@127.0.0.1:1";
  for (const args of [
    ["ls", "--url", url],
    ["serve", "--upstream", url],
    ["serve", "--upstream", "grpc://127.0.0.1:1", "--upstream-allow", url],
    ["serve", "--advertise", url],
    ["serve", "--base", url.replace("grpc", "http")],
    ["serve", "--repo", "s3://ann:canary-url-7Zq@bucket"],
    ["serve", "--repo", "s3://bucket", "--s3-endpoint", url.replace("grpc", "http")],
  ]) {
    await using command = startChild(process.execPath, [hangarProgram, ...args]);
    await command.exit(30_000);
    expect(command.output()).toMatch(/must not contain/);
    expect(command.output()).not.toContain("canary");
  }
});

test("a configuration that is wrong does not repeat its secrets", async () => {
  const broken = join(folder.path, "broken.toml");
  for (const line of [
    'tokens = [{ name = "a", sha256 = "canary-digest-7Zq" }]',
    'users = [{ name = "a", password = "canary-plain-7Zq" }]',
    'session-key = "canary-key-7Zq"',
  ]) {
    await writeFile(broken, `${line}\n`);
    await using checked = startChild(process.execPath, [hangarProgram, "config", "check", broken]);
    await checked.exit(30_000).catch(() => {});
    expect(checked.output()).toContain("broken.toml:1");
    expect(checked.output()).not.toContain("canary");
  }
});

/** All that a client sees of an error. */
function describe(reason: unknown): string {
  const { message, metadata } = reason as { message: string; metadata?: Headers };
  return `${message} ${JSON.stringify([...(metadata ?? [])])}`;
}
