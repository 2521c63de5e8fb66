import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listDatasets } from "../support/json-call.ts";
import { openHttp2Stream, sendRaw } from "../support/raw-http.ts";
import { startHangar, type TestServer } from "../support/server.ts";

// On a known path: that is where a stock connect-node process ends.
const path = "/hangar.v1.DatasetService/ListDatasets";

let server: TestServer;
beforeAll(async () => {
  server = await startHangar("--allowed-host", "flights.example");
});
afterAll(() => server[Symbol.asyncDispose]());

function post(version: string, host: string | undefined): Promise<string> {
  const fields = ["content-type: application/json", "content-length: 2", "connection: close"];
  if (host !== undefined) fields.push(`host: ${host}`);
  return sendRaw(server.port, `POST ${path} HTTP/${version}\r\n${fields.join("\r\n")}\r\n\r\n{}`);
}

describe("a Host that is no host is answered 400, and the process lives:", () => {
  test.each(["foo|bar", "a:99999", "a:b", "a b", "user@host", "[::1", "host/path", "", "%zz", "xn--a:1:2"])(
    "%o over HTTP/1.1",
    async (host) => {
      expect(await post("1.1", host)).toMatch(/^HTTP\/1\.1 400 /);
      expect(await listDatasets(server.url)).toEqual([]);
    },
  );

  test("none at all, over HTTP/1.0", async () => {
    expect(await post("1.0", undefined)).toMatch(/^HTTP\/1\.[01] 400 /);
    expect(await listDatasets(server.url)).toEqual([]);
  });

  // What is no authority by its characters alone, HTTP/2 itself refuses.
  test.each(["a:99999", "a:b", "[::1"])(":authority %o over HTTP/2", async (authority) => {
    const fields = { ":path": path, ":authority": authority, "content-type": "application/json" };
    expect(await openHttp2Stream(server.port, fields, Buffer.from("{}"))).toMatchObject({ status: 400 });
    expect(await listDatasets(server.url)).toEqual([]);
  });
});

describe("a Host of another site is refused, as DNS rebinding would send it:", () => {
  test.each(["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"])(
    "%s",
    async (host) => {
      expect(await post("1.1", host)).toMatch(/^HTTP\/1\.1 403 /);
      const fields = { ":path": path, ":authority": host, "content-type": "application/json" };
      expect(await openHttp2Stream(server.port, fields, Buffer.from("{}"))).toMatchObject({ status: 403 });
    },
  );

  test.each(["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "flights.example", "FLIGHTS.example:1234"])(
    "%s is not one",
    async (host) => {
      expect(await post("1.1", host)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );
});
