import { connect as connectHttp2 } from "node:http2";
import { once } from "node:events";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startNginx, type Nginx } from "../support/nginx.ts";
import { sendRaw } from "../support/raw-http.ts";
import { serveFiles } from "../support/serve-files.ts";
import type { StoreServer } from "../support/test-store.ts";

let server: StoreServer;
let nginx: Nginx;
beforeAll(async () => {
  server = await serveFiles();
  nginx = await startNginx([`http://127.0.0.1:${server.port}`], { location: "/datasets/public/" });
  const body = new Uint8Array(tableToIPC(tableFromArrays({ n: Int32Array.of(1) }), "stream"));
  for (const name of ["secret", "public/open"]) {
    const url = `http://127.0.0.1:${server.port}/datasets/${name}`;
    await fetch(url, { method: "PUT", body });
  }
});
afterAll(async () => {
  await nginx?.[Symbol.asyncDispose]();
  await server?.[Symbol.asyncDispose]();
});

/** Each is the secret dataset to one reader of paths, and something else to another. */
const targets = [
  "/datasets/public/../secret",
  "/datasets/public/x/../../secret",
  "/datasets/public/%2e%2e/secret",
  "/datasets/public/.%2E/secret",
  "/datasets/public/%2E./secret",
  "/datasets/./secret",
  "/datasets/%2e/secret",
  "/datasets/public\\..\\secret",
  "/datasets/public/..\\secret",
  "/datasets/public/x\\..\\..\\secret",
  "/datasets/public/..%2fsecret",
  "/datasets/public/..%5csecret",
  "/datasets/public/x%5C..%5C..%5Csecret",
  "/datasets/secret#/datasets/public/",
  "/datasets/../datasets/secret",
];

/** The same of paths that are no dataset's. */
const otherTargets = [
  "/datasets/../metrics",
  "/./metrics",
  "/x\\..\\metrics",
  "/%2e/",
  "/a/..",
  "/hangar.v1.DatasetService/../metrics",
];

const methods = ["GET", "HEAD", "PUT", "DELETE"];

async function statusByHttp1(port: number, method: string, target: string): Promise<number> {
  const fields = ["host: localhost", "connection: close", "content-length: 0"];
  const answer = await sendRaw(port, `${method} ${target} HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

async function statusByHttp2(origin: string, method: string, target: string): Promise<number> {
  const session = connectHttp2(origin, { rejectUnauthorized: false });
  session.on("error", () => {});
  try {
    const stream = session.request({ ":method": method, ":path": target }, { endStream: true });
    const [header] = (await once(stream, "response")) as [Record<string, unknown>];
    stream.resume();
    return Number(header[":status"]);
  } finally {
    session.destroy();
  }
}

async function expectBothStored(): Promise<void> {
  for (const name of ["secret", "public/open"])
    expect(await statusByHttp1(server.port, "GET", `/datasets/${name}`)).toBe(200);
}

describe.each(methods)("%s of a path with two readings is refused", (method) => {
  test("over HTTP/1.1", async () => {
    const absolute = [`http://localhost:${server.port}/datasets/secret`, "http://elsewhere/datasets/secret"];
    for (const target of [...targets, ...otherTargets, ...absolute]) {
      expect([target, await statusByHttp1(server.port, method, target)]).toEqual([target, 400]);
    }
    await expectBothStored();
  });

  test("over HTTP/2", async () => {
    const origin = `http://127.0.0.1:${server.port}`;
    for (const target of [...targets, ...otherTargets]) {
      expect([target, await statusByHttp2(origin, method, target)]).toEqual([target, 400]);
    }
    await expectBothStored();
  });

  test("behind nginx, whatever its rule lets pass", async () => {
    const [http, https] = [nginx.http[0]!, nginx.https[0]!];
    for (const target of [...targets, ...otherTargets]) {
      const statuses = [
        await statusByHttp1(Number(new URL(http).port), method, target),
        await statusByHttp2(https, method, target),
      ];
      expect([target, statuses.every((status) => status >= 400)]).toEqual([target, true]);
    }
    await expectBothStored();
  });
});

test("nginx's rule lets the public datasets pass, and no other", async () => {
  const port = Number(new URL(nginx.http[0]!).port);
  expect(await statusByHttp1(port, "GET", "/datasets/public/open")).toBe(200);
  expect(await statusByHttp1(port, "GET", "/datasets/secret")).toBe(404);
});

test("a target that is no path is refused with words", async () => {
  const answer = await sendRaw(
    server.port,
    "GET /datasets/a\\b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
  );
  expect(answer).toContain('{"code":"invalid_argument","message":"The request\'s path has a backslash."}');
});
