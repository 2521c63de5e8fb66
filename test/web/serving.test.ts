import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { streamIdHeader } from "../../src/duplex/index.ts";
import { openHttp2Stream, sendRaw } from "../support/raw-http.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const folder = join(import.meta.dirname, "../../dist/web");
const page = readFileSync(join(folder, "index.html"), "utf8");
/** What the page itself loads, without what comes when it is needed. */
const shell = [...page.matchAll(/(?:src|href)="\.(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path!);

let server: TestServer;
beforeAll(async () => {
  server = await startHangar("--allowed-host", "flights.example", "--cors-origin", "https://app.example");
});
afterAll(() => server[Symbol.asyncDispose]());

describe("the web app is served", () => {
  test("at /, under a policy that lets it load nothing from elsewhere, and be framed by nobody", async () => {
    const response = await fetch(`${server.url}/?dataset=x`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(page);
    const policy = response.headers.get("content-security-policy")!.split("; ");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/unsafe|\*|https?:/);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-cache");
  });

  test("with files that are kept for good, as their names have a hash", async () => {
    expect(shell.length).toBeGreaterThan(1);
    for (const path of shell) {
      const response = await fetch(server.url + path);
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(response.headers.get("content-type")).toMatch(/^text\/(javascript|css); charset=utf-8$/);
      expect(response.headers.get("content-encoding")).toBe("gzip");
      expect(Buffer.from(await response.arrayBuffer())).toEqual(readFileSync(join(folder, path)));
    }
  });

  test("with the client for pages of others, which those of listed origins may load", async () => {
    const response = await fetch(`${server.url}/browser.min.js`, { headers: { origin: "https://app.example" } });
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.get("vary")).toContain("origin");
    expect(await response.text()).toBe(readFileSync(join(folder, "../browser.min.js"), "utf8"));
    const other = await fetch(`${server.url}/browser.min.js`, { headers: { origin: "https://other.example" } });
    expect(other.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("once: a client that has it by its ETag gets 304, also if a proxy has weakened the tag", async () => {
    const etag = (await fetch(`${server.url}/`)).headers.get("etag")!;
    for (const tag of [etag, `W/${etag}`]) {
      const response = await fetch(`${server.url}/`, { headers: { "if-none-match": tag } });
      expect([response.status, await response.text()]).toEqual([304, ""]);
    }
  });

  test("to HEAD without a body, and to nothing else", async () => {
    const head = await fetch(`${server.url}/`, { method: "HEAD", headers: { "accept-encoding": "identity" } });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, String(Buffer.byteLength(page))]);
    const post = await fetch(`${server.url}/`, { method: "POST", body: "x" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  test("over HTTP/2", async () => {
    const fields = { ":method": "GET", ":path": "/", ":authority": "localhost" };
    expect(await openHttp2Stream(server.port, fields, Buffer.alloc(0))).toMatchObject({ status: 200 });
  });

  test.each([
    ["/../package.json", 400],
    ["/assets/../../cli/main.js", 400],
    ["/assets/%2e%2e/%2e%2e/cli/main.js", 400],
    ["//etc/passwd", 404],
    ["/assets/", 404],
    ["/index.html%00", 404],
  ])("and nothing besides: %s is %i", async (path, status) => {
    const request = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`;
    expect(await sendRaw(server.port, request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test("to hosts that the server answers for", async () => {
    const get = (host: string): Promise<string> =>
      sendRaw(server.port, `GET / HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    expect(await get("evil.example")).toMatch(/^HTTP\/1\.1 403 /);
    expect(await get("flights.example")).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe("what the page loads", () => {
  test("is less than 200 kB with gzip, and what docs/web.md says", () => {
    const documented = /(\d+) kB \(with gzip\)/.exec(
      readFileSync(join(import.meta.dirname, "../../docs/web.md"), "utf8"),
    );
    const byteLength = shell.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path))).byteLength, 0);
    expect(byteLength).toBeLessThan(200_000);
    expect(byteLength).toBeLessThan(Number(documented?.[1]) * 1000);
  });

  test("is the client without a second one, and no wasm", () => {
    const names = readdirSync(join(folder, "assets"));
    const texts = names.map((name) => readFileSync(join(folder, "assets", name), "utf8"));
    expect(texts.join("\n")).not.toMatch(/WebAssembly|\.wasm/);
    // The client has the header's name in it once. A worker shares nothing with its page.
    const copies = names.flatMap((name, i) => Array(texts[i]!.split(streamIdHeader).length - 1).fill(kindOf(name)));
    expect(copies.toSorted((a, b) => a.localeCompare(b))).toEqual(["page", "worker"]);
  });
});

/** Who loads a script. */
function kindOf(name: string): "page" | "worker" {
  return name.includes(".worker-") ? "worker" : "page";
}
