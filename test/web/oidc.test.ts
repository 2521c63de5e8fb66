import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { fixturesMs, startBrowser, type TestBrowser } from "./app.ts";

/* People sign in at a real OpenID provider, in Chromium. */

const secret = "canary-client-secret-09c1";
const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: TestServer;
let issuer: string;
/** What is served at the issuer's address; another provider when its keys have changed. */
let provider: Provider;
/** Every address that a page has been to. */
const visited: string[] = [];

async function createKey(kid: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" };
}

async function createProvider(kid: string, port: number): Promise<Provider> {
  const client = {
    client_id: "hangar",
    client_secret: secret,
    redirect_uris: [`http://127.0.0.1:${port}/auth/oidc/callback`],
    post_logout_redirect_uris: [`http://127.0.0.1:${port}/`],
  };
  return new Provider(issuer, {
    clients: [client],
    jwks: { keys: [await createKey(kid)] },
    cookies: { keys: ["a cookie key of the test"] },
    claims: { openid: ["sub"], profile: ["groups"] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, groups: id === "ann" ? ["readers"] : [] }),
    }),
  });
}

beforeAll(async () => {
  const listener: Server = createServer((req, res) => void provider.callback()(req, res));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  ended.defer(() => void listener.close());
  issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const folder = ended.use(await createTemporaryFolder());
  const config = join(folder.path, "hangar.toml");
  await writeFile(
    config,
    `[oidc]
issuer = "${issuer}"
client-id = "hangar"
client-secret = "${secret}"
scopes = ["profile"]
groups-claim = "groups"
[[rules]]
groups = ["jwt:readers"]
rights = ["read"]
datasets = ["**"]
`,
  );
  const port = await freePort();
  provider = await createProvider("first", port);
  server = ended.use(await startHangar("--config", config, "--log-level", "trace", "--port", String(port)));
  browser = ended.use(await startBrowser());
}, fixturesMs);
afterAll(() => ended.disposeAsync());

async function signIn(name: string, path = "/"): Promise<Page> {
  const page = await browser.open(server.url + path);
  page.on("request", (request) => visited.push(request.url()));
  await page.getByRole("link", { name: "Sign in with your organisation" }).click();
  await page.locator("input[name=login]").fill(name);
  await page.locator("input[name=password]").fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  return page;
}

test("a person signs in at the provider, comes back to the link, and signs out there too", async () => {
  const page = await signIn("ann", "/?search=sales");
  await page.getByTitle("Signed in as jwt:ann").waitFor();
  expect(page.url()).toBe(`${server.url}/?search=sales`);
  expect((await page.context().cookies(server.url)).map(({ name }) => name)).toContain("hangar-session");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Yes, sign me out" }).click();
  await page.getByRole("link", { name: "Sign in with your organisation" }).waitFor();
  await page.context().close();
});

test("who is in no group with rights sees nothing", async () => {
  const page = await signIn("bea");
  await page.getByTitle("Signed in as jwt:bea").waitFor();
  await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
  await page.context().close();
});

test("new keys of the provider count at once", async () => {
  provider = await createProvider("second", server.port);
  const page = await signIn("ann");
  await page.getByTitle("Signed in as jwt:ann").waitFor();
  await page.context().close();
});

test("a person who refuses is told so", async () => {
  const page = await browser.open(server.url);
  await page.getByRole("link", { name: "Sign in with your organisation" }).click();
  await page.getByRole("link", { name: "[ Cancel ]" }).click();
  await page.getByText("The sign-in is refused: the provider has refused it.").waitFor();
  expect(page.url()).toBe(`${server.url}/`);
  await page.context().close();
});

test("an answer that was not asked for in this browser signs nobody in", async () => {
  const page = await browser.open(`${server.url}/auth/oidc/callback?code=stolen-code&state=x`);
  await page.getByText("was not begun in this browser, or took too long").waitFor();
  const start = await fetch(`${server.url}/auth/oidc/start`, { redirect: "manual" });
  const [flow = ""] = start.headers.getSetCookie();
  expect(flow).toMatch(/^hangar-sign-in=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
  const forged = await fetch(`${server.url}/auth/oidc/callback?code=stolen-code&state=forged`, {
    redirect: "manual",
    headers: { cookie: flow.split(";")[0]! },
  });
  expect(forged.headers.get("location")).toContain("not%20valid");
  expect(forged.headers.getSetCookie().join()).not.toContain("hangar-session");
  await page.context().close();
});

test.each(["https://evil.example/", "//evil.example", "/\\evil.example", "/%5Cevil.example"])(
  "a link cannot lead on to elsewhere: %s",
  async (link) => {
    const start = await fetch(`${server.url}/auth/oidc/start?return=${encodeURIComponent(link)}`, {
      redirect: "manual",
    });
    expect(start.status).toBe(303);
    expect(new URL(start.headers.get("location")!).origin).toBe(issuer);
  },
);

test("no secret, code or state is in the log", () => {
  const canaries = visited.flatMap((url) => {
    const fields = new URL(url).searchParams;
    return [fields.get("code"), fields.get("state"), fields.get("nonce")].filter((each) => each !== null);
  });
  expect(canaries.length).toBeGreaterThan(3);
  for (const canary of [secret, "stolen-code", ...canaries]) expect(server.child.output()).not.toContain(canary);
});
