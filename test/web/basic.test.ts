import { execFile } from "node:child_process";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cheapHash } from "../auth/cheap-hash.ts";
import { serveGuardedStore, type GuardedServer } from "../auth/guarded-servers.ts";
import { fixturesMs, startBrowser, type TestBrowser } from "./app.ts";
import { forgedRequests, runForged, serveForeignPage } from "./forged-requests.ts";

/*
 * A reverse proxy asks for a password with the dialog of Chromium. From then on, Chromium sends the password with every
 * request to the proxy, also with those that pages of other sites make.
 */

const password = "open sesame";
const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: GuardedServer;
/** The server through the reverse proxy. */
let url: string;
let evil: string;
/** The requests of pages of another site that reached the proxy with the password. */
const forgedWithPassword: string[] = [];

/** Starts a reverse proxy that asks for a password, and leaves it to the server to check it. */
async function startPasswordProxy(port: number): Promise<Server> {
  const proxy = createServer((req, res) => {
    const { method, url: path, headers } = req;
    if (headers.authorization === undefined) {
      res.writeHead(401, { "www-authenticate": 'Basic realm="flights"' }).end();
      return;
    }
    if (headers["sec-fetch-site"] !== "same-origin" && headers.origin !== undefined)
      forgedWithPassword.push(`${method} ${path}`);
    const passed = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      res.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(res);
    });
    passed.on("error", () => res.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return proxy;
}

beforeAll(async () => {
  server = ended.use(
    await serveGuardedStore({ anonymous: "none", users: [{ name: "ann", password: cheapHash(password) }] }),
  );
  const proxy = await startPasswordProxy(server.port);
  ended.defer(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  // Another host name than that of the foreign page, so that the two are of different sites.
  url = `http://localhost:${(proxy.address() as AddressInfo).port}`;
  evil = ended.use(await serveForeignPage()).url;
  browser = ended.use(await startBrowser());
}, fixturesMs);
afterAll(() => ended.disposeAsync());

/** The person types the password into the dialog of Chromium once. */
const typed = (): { httpCredentials: { username: string; password: string; origin: string } } => ({
  httpCredentials: { username: "ann", password, origin: url },
});

describe("a page of another site has no effect by the password that Chromium has stored", () => {
  test.each(forgedRequests)("%s", async (_, attempt) => {
    const before = await server.snapshot();
    const page = await browser.open(`${url}/healthz`, typed());
    await page.goto(evil);
    expect(await runForged(page, attempt, url)).not.toMatch(/basic|cors/);
    expect(await server.snapshot()).toEqual(before);
    await page.context().close();
  });

  test("a form that leads to the server, with which Chromium sends the password", async () => {
    const before = await server.snapshot();
    const page = await browser.open(`${url}/healthz`, typed());
    await page.goto(evil);
    const path = "/hangar.v1.DatasetService/DropDataset";
    const submit = `document.body.innerHTML = '<form method="post" enctype="text/plain" action="${url + path}">' +
      '<input name=\\'{"name":"open/a","x":"\\' value=\\'"}\\'></form>'; document.querySelector("form").submit()`;
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url() === url + path),
      page.evaluate(submit),
    ]);
    expect(answer.status()).toBe(415);
    expect(forgedWithPassword).toContain(`POST ${path}`);
    expect(await server.snapshot()).toEqual(before);
    await page.context().close();
  });
});

test("a page of the server itself acts by the password", async () => {
  const page = await browser.open(`${url}/healthz`, typed());
  const act = `fetch("/datasets/open/a", { method: "DELETE" }).then((response) => response.status)`;
  expect(await page.evaluate(act)).toBe(204);
  await server.reset();
  await page.context().close();
});

test("the headers of a page of another site are enough to refuse it; curl has none of them", async () => {
  const direct = `http://127.0.0.1:${server.port}`;
  const curl = async (...args: string[]): Promise<string> => {
    const common = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--user", `ann:${password}`];
    return (await promisify(execFile)("curl", [...common, ...args])).stdout;
  };
  const json = ["-H", "content-type: application/json", "-d", '{"name":"open/a"}'];
  const requests = [
    ["-X", "DELETE", `${direct}/datasets/open/a`],
    ["-X", "PUT", "-d", "PAR1", `${direct}/datasets/open/a`],
    [...json, `${direct}/hangar.v1.DatasetService/DropDataset`],
  ];
  const before = await server.snapshot();
  for (const header of ["sec-fetch-site: cross-site", `origin: ${evil}`, "origin: null"]) {
    for (const each of requests) expect(await curl("-H", header, ...each)).toBe("403");
    expect(await curl("--http2-prior-knowledge", "-H", header, ...requests[0]!)).toBe("403");
  }
  expect(await server.snapshot()).toEqual(before);
  expect(await curl("-H", "sec-fetch-site: cross-site", `${direct}/datasets/open/a`)).toBe("200");
  for (const headers of [[], ["-H", "sec-fetch-site: same-origin"], ["-H", `origin: ${direct}`]]) {
    expect(await curl(...headers, ...requests[0]!)).toBe("204");
    await server.reset();
  }
});
