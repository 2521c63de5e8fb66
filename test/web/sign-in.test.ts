import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import AxeBuilder from "axe-core";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken, hashPassword } from "../../src/auth/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";
import { cellsOfRow, fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

/* People sign in to the web app, in Chromium; and pages of other sites try to act for them. */

const password = "canary-password-77aa";
const { token, sha256 } = createToken();
const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: TestServer;
let second: TestServer;
/** A page of another site, which asks the server for what the test says. */
let evil: string;

beforeAll(async () => {
  const folder = ended.use(await createTemporaryFolder());
  const config = join(folder.path, "hangar.toml");
  await writeFile(
    config,
    `session-key = "${randomBytes(32).toString("base64")}"
[[users]]
name = "ann"
password = "${await hashPassword(password)}"
[[tokens]]
name = "etl"
sha256 = "${sha256}"
[[rules]]
subjects = ["ann"]
rights = ["read"]
datasets = ["**"]
[[rules]]
subjects = ["etl"]
rights = ["read", "replace", "drop"]
datasets = ["**"]
`,
  );
  server = ended.use(await startHangar("--config", config, "--log-level", "trace"));
  second = ended.use(await startHangar("--config", config));
  await writeFixtures(server.repo, ["small"]);
  const page = createServer((_req, res) => res.setHeader("content-type", "text/html").end("<h1>Evil</h1>"));
  await new Promise<void>((resolve) => page.listen(0, "127.0.0.1", resolve));
  ended.defer(() => void page.close());
  evil = `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
  browser = ended.use(await startBrowser());
}, fixturesMs);
afterAll(() => ended.disposeAsync());

const open = (path: string): Promise<Page> => browser.open(server.url + path);

async function signInByPassword(page: Page, typed = password): Promise<void> {
  await page.getByLabel("User name").fill("ann");
  await page.getByLabel("Password").fill(typed);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signInByToken(page: Page): Promise<void> {
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in with the token" }).click();
  await page.getByText("etl").waitFor();
}

describe("a person", () => {
  test("signs in by a password, and sees what the link is to; then signs out", async () => {
    const link = "/?dataset=small.parquet&filter=id+%3C+3";
    const page = await open(link);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await signInByPassword(page, "wrong");
    await page.getByText("The user name or the password is wrong.").waitFor();
    await signInByPassword(page);
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    await expect.poll(() => page.url()).toBe(server.url + link);
    await page.getByTitle("Signed in as ann").waitFor();
    await page.reload();
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe("0");
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: "hangar-session", httpOnly: true, sameSite: "Lax" });
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await expect.poll(() => page.context().cookies()).toEqual([]);
    await page.context().close();
  });

  test("signs in by the keyboard alone", async () => {
    const page = await open("/");
    await page.getByLabel("User name").waitFor();
    await waitUntil("the first field has the focus", () =>
      page.evaluate<boolean>("document.activeElement.name === 'username'"),
    );
    await page.keyboard.type("ann");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "small.parquet" }).waitFor();
    await page.context().close();
  });

  test("is told in words what they may not do", async () => {
    const page = await open("/?dataset=small.parquet");
    await signInByPassword(page);
    await page.getByRole("button", { name: "Delete…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText('you need the right "drop" for dataset "small.parquet"').waitFor();
    await page.context().close();
  });

  test("has the session on another server with the same key", async () => {
    const page = await open("/");
    await signInByToken(page);
    await page.goto(second.url);
    await page.getByRole("heading", { name: "No datasets yet" }).waitFor();
    await page.getByTitle("Signed in as etl").waitFor();
    await page.context().close();
  });

  test.each([
    ["light and wide", { colorScheme: "light" }],
    ["dark and narrow", { colorScheme: "dark", viewport: { width: 390, height: 720 } }],
  ] as const)("finds the page accessible, %s", async (_, options) => {
    const page = await browser.open(server.url, options);
    await signInByPassword(page, "wrong");
    await page.getByText("The user name or the password is wrong.").waitFor();
    await page.evaluate(AxeBuilder.source);
    const run = "axe.run().then(({ violations }) => violations.map(({ id }) => id))";
    expect(await page.evaluate(run)).toEqual([]);
    await page.context().close();
  });
});

describe("a page of another origin of the same site, where cookies go along, has no effect", () => {
  // As text: what runs in a page has no types here.
  const attempts: readonly [string, string][] = [
    ["a DELETE", `fetch(URL + "/datasets/small.parquet", { method: "DELETE", credentials: "include" })`],
    ["a PUT", `fetch(URL + "/datasets/new", { method: "PUT", body: "PAR1", credentials: "include" })`],
    [
      "an RPC in JSON",
      `fetch(URL + "/hangar.v1.DatasetService/DropDataset", { method: "POST", credentials: "include",
        headers: { "content-type": "application/json" }, body: '{"name":"small.parquet"}' })`,
    ],
    [
      "an RPC as text, which needs no preflight",
      `fetch(URL + "/hangar.v1.DatasetService/DropDataset", { method: "POST", credentials: "include", mode: "no-cors",
        headers: { "content-type": "text/plain" }, body: '{"name":"small.parquet"}' })`,
    ],
    ["a sign-out", `fetch(URL + "/auth/sign-out", { method: "POST", credentials: "include", mode: "no-cors" })`],
    [
      "a form",
      `new Promise((resolve) => {
        document.body.innerHTML = '<iframe name="f"></iframe><form method="post" target="f" enctype="text/plain">' +
          '<input name=\\'{"name":"small.parquet","x":"\\' value=\\'"}\\'></form>';
        document.querySelector("iframe").onload = resolve;
        const form = document.querySelector("form");
        form.action = URL + "/hangar.v1.DatasetService/DropDataset";
        form.submit();
        setTimeout(resolve, 1000);
      })`,
    ],
    [
      "a form that signs out",
      `new Promise((resolve) => {
        document.body.innerHTML = '<iframe name="f"></iframe><form method="post" target="f"></form>';
        document.querySelector("iframe").onload = resolve;
        const form = document.querySelector("form");
        form.action = URL + "/auth/sign-out";
        form.submit();
        setTimeout(resolve, 1000);
      })`,
    ],
    ["reading", `fetch(URL + "/datasets/small.parquet?format=csv", { credentials: "include" }).then((r) => r.text())`],
  ];

  test.each(attempts)("%s", async (_, attempt) => {
    const page = await open("/");
    await signInByToken(page);
    await page.goto(evil);
    const code = attempt.replace("URL", JSON.stringify(server.url));
    const read = await page.evaluate(`${code}.then((value) => typeof value === "string", () => false)`);
    expect(read).toBe(false);
    await page.goto(server.url);
    await page.getByTitle("Signed in as etl").waitFor();
    await page.getByRole("link", { name: "small.parquet" }).waitFor();
    await expect.poll(() => page.getByRole("link").allTextContents()).toEqual(["Hangar", "small.parquet"]);
    await page.context().close();
  });
});

test("a page that has rebound its name to the server's address has no effect", async () => {
  await using rebound = await launchChromium("--host-resolver-rules=MAP evil.example 127.0.0.1");
  const page = await rebound.newPage();
  const { origin } = new URL(`http://evil.example:${server.port}`);
  expect((await page.goto(origin))?.status()).toBe(403);
  const statuses = `Promise.all(["/auth/me", "/auth/options", "/datasets/small.parquet"].map((path) =>
    fetch(path).then((response) => response.status)))`;
  expect(await page.evaluate(statuses)).toEqual([403, 403, 403]);
  const act = `fetch("/auth/sign-in", { method: "POST", headers: { "content-type": "application/json" },
    body: '{"token":"x"}' }).then((response) => response.status)`;
  expect(await page.evaluate(act)).toBe(403);
});

test("no secret is in the log, and the pages complain of nothing", async () => {
  for (const secret of [password, token]) expect(server.child.output()).not.toContain(secret);
  expect(browser.complaints).toEqual([]);
});
