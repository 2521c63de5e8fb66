import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken } from "../../src/auth/index.ts";
import { startChild, type Child } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";
import { calls } from "./calls.ts";
import { cheapHash } from "./cheap-hash.ts";
import { createIssuer } from "./issuer.ts";
import { waysIn } from "./ways-in.ts";

/** No secret of a caller or of the configuration comes out anywhere: not in the log at its most talkative, not in an answer. */

const token = createToken();
const password = "canary-password-7Zq";
const sessionKey = Buffer.from("canary-session-key-0123456789abcdef").toString("base64");
const secrets: string[] = [];

let folder: TemporaryFolder;
let child: Child;
let port: number;
let jwt: string;
let hash: string;

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
  const args = ["serve", "--port", "0", "--config", join(folder.path, "hangar.toml")];
  child = startChild(process.execPath, [hangarProgram, ...args]);
  port = Number((await child.waitFor(/Flight at grpc:\/\/127\.0\.0\.1:(\d+)/))[1]);
});
afterAll(async () => {
  await child[Symbol.asyncDispose]();
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
  };
}

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

test("no answer and no line of the log has a secret", async () => {
  secrets.push(password, sessionKey, hash, token.token, token.sha256, jwt, "canary-claim-7Zq");
  secrets.push(
    "canary-wrong-7Zq",
    "canary-scheme-7Zq",
    "canary-mistyped-7Zq",
    "canary-binary-7Zq",
    "canary-cookie-7Zq",
  );
  const seen: string[] = [];
  for (const [position, headers] of Object.entries(positions())) {
    for (const createTransport of Object.values(waysIn)) {
      const transport = createTransport(port);
      for (const name of [
        "Flight.listFlights (all)",
        "Flight.doGet (the ticket of a dataset)",
        "Flight.handshake (says nothing)",
        "Dataset.listDatasets (all)",
      ]) {
        seen.push(await calls.get(name)!.run(transport, headers).then(String, describe));
      }
    }
    for (const path of ["/datasets/a", "/metrics", "/", "/healthz", "/elsewhere"]) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      seen.push(JSON.stringify([...response.headers]), await response.text());
    }
    assertSilent(seen.splice(0).join("\n"), `an answer to ${position}`);
  }
  const log = child.output();
  expect(log.split("\n").length).toBeGreaterThan(100);
  assertSilent(log, "the log");
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
