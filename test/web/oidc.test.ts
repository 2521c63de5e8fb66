import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Sealer } from "../../src/auth/credentials/sealer.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startProvider, type TestProvider } from "../support/openid-provider.ts";
import { startHangarWith, type TestServer } from "../support/server.ts";
import { startTraceCollector, type TraceCollector } from "../support/trace-collector.ts";
import { waitUntil } from "../support/wait.ts";
import { fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

/* People sign in at a real OpenID provider, in Chromium. */

const secret = "canary-client-secret-09c1";
const sessionKey = randomBytes(32);
const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: TestServer;
let provider: TestProvider;
let collector: TraceCollector;
/** Every address that a page has been to. */
const visited: string[] = [];
/** Every answer of the server to a page: headers and body. */
const answers: string[] = [];

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
scopes = ["profile", "offline_access"]
groups-claim = "groups"
[[rules]]
groups = ["jwt:readers"]
rights = ["read", "admin"]
datasets = ["**"]
`,
  );
  const port = await freePort();
  provider.register({
    client_id: "hangar",
    client_secret: secret,
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`http://127.0.0.1:${port}/auth/oidc/callback`],
    post_logout_redirect_uris: [`http://127.0.0.1:${port}/`],
  });
  collector = ended.use(await startTraceCollector());
  const env = {
    NODE_OPTIONS: `--import ${join(import.meta.dirname, "../support/telemetry.mjs")}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  server = ended.use(await startHangarWith(env, "--config", config, "--log-level", "trace", "--port", String(port)));
  await writeFixtures(server.repo, ["small"]);
  browser = ended.use(await startBrowser());
}, fixturesMs);
afterAll(() => ended.disposeAsync());

async function signIn(name: string, path = "/"): Promise<Page> {
  const page = await browser.open(server.url + path);
  page.on("request", (request) => visited.push(request.url()));
  page.on("response", (response) => {
    if (!response.url().startsWith(server.url)) return;
    void response.allHeaders().then(
      (headers) => answers.push(JSON.stringify(headers)),
      () => {},
    );
    void response.text().then(
      (text) => answers.push(text),
      () => {},
    );
  });
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
  await expect.poll(() => page.url()).toBe(`${server.url}/?search=sales`);
  await expect
    .poll(async () => (await page.context().cookies(server.url)).map(({ name }) => name))
    .toContain("hangar-session");
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
  await expect
    .poll(async () => (await page.context().cookies(server.url)).map(({ name }) => name))
    .not.toContain("hangar-session");
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
  await expect.poll(() => page.url()).toContain("dataset=small.parquet");
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
  await expect.poll(() => page.url()).toBe(`${server.url}/`);
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

test("no secret of a sign-in is in the log, an answer, a page, a metric or a trace", async () => {
  await provider.rotateKey("third");
  const page = await signIn("ann");
  await page.getByTitle("Signed in as jwt:ann").waitFor();
  const [cookie] = (await page.context().cookies(server.url)).filter(({ name }) => name === "hangar-session");
  const metrics = await fetch(`${server.url}/metrics`, { headers: { cookie: `${cookie!.name}=${cookie!.value}` } });
  expect(metrics.status).toBe(200);
  const content = await page.content();
  await page.context().close();
  await waitUntil("the traces are there", () => collector.spans.some(({ name }) => name.includes("oidc/callback")));
  const places = {
    log: server.child.output(),
    answers: answers.join("\n"),
    page: content,
    metrics: await metrics.text(),
    traces: JSON.stringify(collector.spans),
  };
  for (const [place, text] of Object.entries(places)) expect(text.length, place).toBeGreaterThan(100);

  const names = ["code", "code_verifier", "id_token", "access_token", "refresh_token"];
  expect([...provider.exchanged.keys()].toSorted()).toEqual(names.toSorted());
  const fromUrls = visited.flatMap((url) => {
    const fields = new URL(url).searchParams;
    return ["code", "state", "nonce"].map((name) => fields.get(name)).filter((each) => each !== null);
  });
  expect(fromUrls.length).toBeGreaterThan(3);
  const exchanged = [...provider.exchanged.values()].flat();
  for (const canary of [secret, "stolen-code", ...exchanged, ...fromUrls]) {
    for (const [place, text] of Object.entries(places)) {
      // The redirect to the provider has the state and the nonce, which the browser must bring there.
      const isRedirect = place === "answers" && fromUrls.includes(canary) && !exchanged.includes(canary);
      if (!isRedirect) expect(text.includes(canary), `${place} has ${canary}`).toBe(false);
    }
  }
});
