import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Sealer } from "../../src/auth/credentials/sealer.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startProvider, type TestProvider } from "../support/openid-provider.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

/* People sign in at a real OpenID provider, in Chromium. */

const secret = "canary-client-secret-09c1";
const sessionKey = randomBytes(32);
const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: TestServer;
let provider: TestProvider;
/** Every address that a page has been to. */
const visited: string[] = [];

beforeAll(async () => {
  provider = ended.use(await startProvider());
  const folder = ended.use(await createTemporaryFolder());
  const config = join(folder.path, "hangar.toml");
  await writeFile(
    config,
    `session-key = "${sessionKey.toString("base64")}"
[oidc]
issuer = "${provider.issuer}"
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
  provider.register({
    client_id: "hangar",
    client_secret: secret,
    redirect_uris: [`http://127.0.0.1:${port}/auth/oidc/callback`],
    post_logout_redirect_uris: [`http://127.0.0.1:${port}/`],
  });
  server = ended.use(await startHangar("--config", config, "--log-level", "trace", "--port", String(port)));
  await writeFixtures(server.repo, ["small"]);
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

test("after the provider has rotated its key, the server fetches the new key and accepts its tokens", async () => {
  const before = provider.keyRequestCount();
  await provider.rotateKey("second");
  const page = await signIn("ann");
  await page.getByTitle("Signed in as jwt:ann").waitFor();
  expect(provider.keyRequestCount()).toBe(before + 1);
  await page.context().close();
});

test.each(["unknown", "second"])("an ID token that no published key has signed is refused (key id: %s)", async (id) => {
  await provider.signWithUnpublishedKey(id);
  const page = await signIn("ann");
  await page.getByText("The sign-in is refused: no key of the provider has signed the ID token.").waitFor();
  expect((await page.context().cookies(server.url)).map(({ name }) => name)).not.toContain("hangar-session");
  await page.context().close();
});

/** Seals a value as the server does, with a lifetime in seconds. */
async function seal(purpose: string, payload: Record<string, unknown>, seconds: number): Promise<string> {
  return await new Sealer(purpose, sessionKey).seal(payload, new Date(Date.now() + 1000 * seconds));
}

test("a person whose session has expired is asked to sign in again, in the page and for data", async () => {
  const page = await browser.open(server.url);
  const setSession = async (seconds: number): Promise<string> => {
    const payload = { sub: "jwt:ann", grp: ["jwt:readers"], by: provider.issuer };
    const value = await seal("hangar session", payload, seconds);
    await page.context().addCookies([{ name: "hangar-session", value, url: server.url, httpOnly: true }]);
    return `hangar-session=${value}`;
  };
  const statusOf = async (cookie: string): Promise<number> =>
    (await fetch(`${server.url}/datasets/small.parquet`, { headers: { cookie } })).status;
  expect(await statusOf(await setSession(600))).toBe(200);
  await page.reload();
  await page.getByTitle("Signed in as jwt:ann").waitFor();
  await page.getByRole("link", { name: "small.parquet" }).waitFor();

  // The page is still open, and its next request for data has the expired session.
  expect(await statusOf(await setSession(-1))).toBe(401);
  await page.getByRole("link", { name: "small.parquet" }).click();
  await page.getByRole("link", { name: "Sign in with your organisation" }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Sign in with your organisation" }).waitFor();
  expect(page.url()).toContain("dataset=small.parquet");
  await page.context().close();
});

test("a sign-in that takes longer than ten minutes is refused", async () => {
  const redirectUri = `${server.url}/auth/oidc/callback`;
  const payload = { state: "s", nonce: "n", verifier: "v".repeat(43), returnTo: "/", redirectUri };
  const comeBack = async (seconds: number): Promise<string | null> => {
    const cookie = `hangar-sign-in=${await seal("hangar sign-in", payload, seconds)}`;
    const init = { redirect: "manual", headers: { cookie } } as const;
    return (await fetch(`${redirectUri}?code=stolen-code&state=s`, init)).headers.get("location");
  };
  expect(await comeBack(-1)).toContain("took%20too%20long");
  expect(await comeBack(600)).toContain("not%20valid");
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
    expect(new URL(start.headers.get("location")!).origin).toBe(provider.issuer);
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
