import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as connectByFetch } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { cheapHash } from "../auth/cheap-hash.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startNginx } from "../support/nginx.ts";
import { startProvider, type TestProvider } from "../support/openid-provider.ts";
import { startBelowPath, type ReverseProxy } from "../support/reverse-proxy.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { cellsOfRow, fixturesMs, startBrowser, writeFixtures, type TestBrowser } from "./app.ts";

/* nginx serves Hangar below /hangar/, with the configuration of docs/operations.md. */

const ended = new AsyncDisposableStack();
let provider: TestProvider;
let server: TestServer;
let nginx: ReverseProxy;
let browser: TestBrowser;
/** Where people find the app. */
let url: string;
const ann = { username: "ann", password: "open sesame" };

beforeAll(async () => {
  provider = ended.use(await startProvider());
  const folder = ended.use(await createTemporaryFolder());
  const config = join(folder.path, "hangar.toml");
  const file = `[[users]]
name = "ann"
password = "${cheapHash(ann.password)}"
[oidc]
issuer = "${provider.issuer}"
client-id = "hangar"
client-secret = "a secret"
[[rules]]
subjects = ["ann", "jwt:bea"]
rights = ["read", "write", "drop"]
datasets = ["**"]
`;
  await writeFile(config, file);
  const args = ["--base-path", "/hangar", "--config", config, "--trusted-proxy", "127.0.0.1"];
  server = ended.use(await startHangar(...args));
  nginx = ended.use(await startBelowPath(server.port));
  url = `https://localhost:${nginx.port}/hangar`;
  provider.register({
    client_id: "hangar",
    client_secret: "a secret",
    grant_types: ["authorization_code"],
    redirect_uris: [`${url}/auth/oidc/callback`],
    post_logout_redirect_uris: [`${url}/`],
  });
  await writeFixtures(server.repo, ["small"]);
  browser = ended.use(await startBrowser());
}, fixturesMs);
afterAll(() => ended.disposeAsync());

const open = async (path: string): Promise<Page> => await browser.open(url + path, { ignoreHTTPSErrors: true });

describe("the app below a path", () => {
  test("signs a person in, and shows, stores and gives data, by links that stay below the path", async () => {
    const page = await open("?search=small");
    await expect.poll(() => page.url()).toBe(`${url}/?search=small`);
    const strangers: string[] = [];
    page.on("request", (request) => void (request.url().startsWith(`${url}/`) || strangers.push(request.url())));
    await page.getByLabel("User name").fill(ann.username);
    await page.getByLabel("Password").fill(ann.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("link", { name: "small.parquet" }).click();
    const before = await cellsOfRow(page, 1);
    await expect.poll(() => page.url()).toBe(`${url}/?dataset=small.parquet`);
    await page.reload();
    await expect.poll(async () => (await cellsOfRow(page, 1))[0]).toBe(before[0]);
    await page.getByRole("link", { name: "Columns", exact: true }).click();
    await page.getByText("Of all 1,000 rows.").waitFor();
    const buffer = Buffer.from(tableToIPC(tableFromArrays({ answer: Int32Array.of(42) }), "file"));
    await page.setInputFiles("input[type=file]", { name: "answer.arrow", mimeType: "", buffer });
    const panel = page.getByRole("complementary", { name: "Uploads" });
    await panel.getByRole("button", { name: "Upload" }).click();
    await panel.getByRole("link", { name: "answer.parquet" }).click();
    await expect.poll(() => cellsOfRow(page, 1)).toContain("42");
    await page.getByRole("button", { name: "Download" }).click();
    const csv = await page.getByRole("link", { name: "CSV" }).getAttribute("href");
    expect(await page.evaluate(`fetch(${JSON.stringify(csv)}).then((response) => response.text())`)).toMatch(
      /^\W*answer\W+42\W*$/,
    );
    await expect
      .poll(async () => (await page.context().cookies(url)).map(({ name }) => name))
      .toEqual(["__Host-hangar-session~hangar"]);
    expect(strangers).toEqual([]);
    await page.context().close();
  });

  test("signs a person in at an OpenID provider, who comes back to the link, and a refusal to the app", async () => {
    const page = await open("/?search=small");
    await page.getByRole("link", { name: "Sign in with your organisation" }).click();
    await page.getByRole("link", { name: "[ Cancel ]" }).click();
    await page.getByText("the provider has refused it").waitFor();
    await expect.poll(() => page.url()).toBe(`${url}/`);
    await page.goto(`${url}/?search=small`);
    await page.getByRole("link", { name: "Sign in with your organisation" }).click();
    await page.locator("input[name=login]").fill("bea");
    await page.locator("input[name=password]").fill("any");
    await page.getByRole("button", { name: "Sign-in" }).click();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByTitle("Signed in as jwt:bea").waitFor();
    await expect.poll(() => page.url()).toBe(`${url}/?search=small`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Yes, sign me out" }).click();
    await page.waitForURL(`${url}/`);
    await page.context().close();
  });

  test("also works where the proxy removes the path, and the server does not know it", async () => {
    await using open = await startHangar();
    await writeFixtures(open.repo, ["small"]);
    await using stripping = await startNginx([`${open.url}/`], { location: "/some/where/" });
    const page = await browser.open(`${stripping.http[0]!}/some/where/?dataset=small.parquet&tab=columns`);
    await page.getByText("Of all 1,000 rows.").waitFor();
    await page.getByRole("link", { name: "Rows", exact: true }).click();
    await cellsOfRow(page, 1);
    await page.context().close();
  });
});

describe("a client whose URL has a path", () => {
  const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
  const byNode = () => connect(url, { tls: { ca: nginx.ca }, ...ann });

  test.each([
    ["in Node, over gRPC", byNode],
    ["by fetch", () => connectByFetch(`http://localhost:${nginx.plainPort}/hangar/`, ann)],
  ])("puts, gets, lists and drops %s", async (name, create) => {
    const client = create();
    await client.put(name, table);
    expect((await client.get(name, { filter: "n > 1" }).table()).toArray().map(({ n }) => n as number)).toEqual([2, 3]);
    expect((await Array.fromAsync(client.list(name))).map((each) => each.name)).toEqual([name]);
    expect(await (await client.file(name, { format: "csv", limit: 1 })).text()).toBe("n\n1\n");
    await client.drop(name);
    client.close();
  });

  test("gets URLs of files below the path in flights", async () => {
    const client = byNode();
    await client.put("parts", table);
    const { endpoint } = await client.flight.getFlightInfo({
      cmd: new TextEncoder().encode(`{"dataset":"parts","files":true}`),
      type: 2,
    });
    const uris = endpoint.flatMap(({ location }) => location.map(({ uri }) => uri));
    expect(uris.filter((uri) => uri.startsWith("http"))[0]).toMatch(new RegExp(`^${url}/datasets/parts\\?`));
    client.close();
  });
});

test("without the slash, the base path leads to the app, and every other path is as without the base path", async () => {
  const at = async (path: string, method = "GET"): Promise<[number, string | null]> => {
    const response = await fetch(server.url + path, { method, redirect: "manual" });
    await response.body?.cancel();
    return [response.status, response.headers.get("location")];
  };
  expect(await at("/hangar?dataset=x")).toEqual([308, "/hangar/?dataset=x"]);
  expect(await at("/hangar/healthz")).toEqual([200, null]);
  expect(await at("/healthz")).toEqual([200, null]);
  expect(await at("/hangars/healthz")).toEqual([404, null]);
  expect(await at("/hangar//healthz")).toEqual([404, null]);
});

test("a base path that is none stops the start, and the start line names the app's address", async () => {
  const port = await freePort();
  await using named = await startHangar("--base-path", "/a/b/", "--port", String(port));
  expect(named.child.output()).toContain(`Web app: http://127.0.0.1:${port}/a/b/`);
  await expect(startHangar("--base-path", "a b")).rejects.toThrow(/the base path "a b" is not a path such as \/hangar/);
});

test("the page complains of nothing", () => {
  expect(browser.complaints).toEqual([]);
});
