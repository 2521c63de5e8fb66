import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serveGuardedStore, type GuardedServer } from "../auth/guarded-servers.ts";
import { createAuthority } from "../support/authority.ts";
import { fixturesMs, startBrowser, type TestBrowser } from "./app.ts";
import { forgedRequests, runForged, serveForeignPage } from "./forged-requests.ts";

/* Chromium sends a client certificate with every request, also with those that pages of other sites make. */

const ended = new AsyncDisposableStack();
let browser: TestBrowser;
let server: GuardedServer;
let url: string;
/** Opens a page at a URL, in a browser with the client certificate of a caller with all rights. */
let open: (url: string) => Promise<Page>;
/** A page of another site. */
let evil: string;
/** Sends a request with the certificate by curl, and returns the status. */
let curl: (...args: string[]) => Promise<string>;

beforeAll(async () => {
  const authority = ended.use(await createAuthority());
  const { cert, key } = await authority.issue("/CN=localhost", "DNS:localhost,IP:127.0.0.1");
  const clientCertificates = { ca: authority.ca, principals: [{ match: "CN=ann", name: "ann" }] };
  const tls = { cert, key, clientCa: authority.ca };
  server = ended.use(await serveGuardedStore({ anonymous: "none", clientCertificates }, { tls }));
  url = `https://localhost:${server.port}`;
  evil = ended.use(await serveForeignPage()).url;
  browser = ended.use(await startBrowser());
  const { certPath, keyPath } = await authority.issue("/CN=ann");
  const common = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", authority.caPath];
  curl = async (...args) =>
    (await promisify(execFile)("curl", [...common, "--cert", certPath, "--key", keyPath, ...args])).stdout;
  const options = { ignoreHTTPSErrors: true, clientCertificates: [{ origin: url, certPath, keyPath }] };
  open = async (address) => await browser.open(address, options);
}, fixturesMs);
afterAll(() => ended.disposeAsync());

describe("a page of another site has no effect", () => {
  test.each(forgedRequests)("%s", async (_, attempt) => {
    const before = await server.snapshot();
    const page = await open(evil);
    expect(await runForged(page, attempt, url)).not.toMatch(/basic|cors/);
    expect(await server.snapshot()).toEqual(before);
    await page.context().close();
  });
});

test("a page of the server itself acts by the certificate", async () => {
  const page = await open(`${url}/healthz`);
  const act = `fetch("/datasets/open/a", { method: "DELETE" }).then((response) => response.status)`;
  expect(await page.evaluate(act)).toBe(204);
  await server.reset();
  await page.context().close();
});

test.each(["--http1.1", "--http2"])(
  "the headers of a page of another site are enough to refuse it (%s)",
  async (version) => {
    const before = await server.snapshot();
    const json = ["-H", "content-type: application/json", "-d", '{"name":"open/a"}'];
    const requests = [
      ["-X", "DELETE", `${url}/datasets/open/a`],
      ["-X", "PUT", "-d", "PAR1", `${url}/datasets/open/a`],
      [...json, `${url}/hangar.v1.DatasetService/DropDataset`],
    ];
    for (const header of [
      "sec-fetch-site: cross-site",
      "sec-fetch-site: same-site",
      `origin: ${evil}`,
      "origin: null",
    ]) {
      for (const request of requests) expect(await curl(version, "-H", header, ...request)).toBe("403");
    }
    expect(await server.snapshot()).toEqual(before);
    for (const header of ["sec-fetch-site: same-origin", `origin: ${url}`]) {
      expect(await curl(version, "-H", header, ...requests[0]!)).toBe("204");
      await server.reset();
    }
  },
);
