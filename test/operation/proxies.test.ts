import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { readFences } from "../docs/fences.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { reverseProxies, startReverseProxy, type ReverseProxy } from "../support/reverse-proxy.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const run = promisify(execFile);

describe.each(reverseProxies)("behind %s, as docs/operations.md sets it up", (name) => {
  let server: TestServer;
  let proxy: ReverseProxy | undefined;
  let port: number;
  let ca: Buffer;

  beforeAll(async () => {
    server = await startHangar("--allowed-host", "localhost", "--trusted-proxy", "127.0.0.1");
    proxy = await startReverseProxy(name, server.port);
    ({ port, ca } = proxy);
  }, 600_000);
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  test("pyarrow puts, gets and drops 3,000,000 rows over gRPC, by the location that it is given", async () => {
    await using folder = await createTemporaryFolder();
    const [caFile, program] = [join(folder.path, "ca.pem"), join(import.meta.dirname, "behind-proxy.py")];
    await writeFile(caFile, ca);
    const { stdout } = await run(await ensurePython(), [program, `grpc+tls://localhost:${port}`, caFile]);
    expect(stdout.trim()).toBe(`grpc+tls://localhost:${port} 3000000`);
  });

  test.each(["grpc-web", "connect"])("the client of browsers puts, gets and drops over %s", async (protocol) => {
    await using folder = await createTemporaryFolder();
    const caFile = join(folder.path, "ca.pem");
    await writeFile(caFile, ca);
    const args = [join(import.meta.dirname, "through-fetch.ts"), `https://localhost:${port}`, protocol];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile } });
    expect(stdout.trim()).toBe("500000 499999");
  });

  test("a file is put and read over HTTP, and the web app is there", async () => {
    const send = async (method: string, path: string, body?: string): Promise<{ status: number; text: string }> => {
      const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
      request({ host: "localhost", port: port, path, method, ca: ca }, (answer) => {
        text(answer).then((read) => resolve({ status: answer.statusCode ?? 0, text: read }), reject);
      })
        .on("error", reject)
        .end(body);
      return await promise;
    };
    expect(await send("PUT", "/datasets/no-file", "nothing")).toMatchObject({ status: 400 });
    expect(await send("GET", "/datasets/missing")).toMatchObject({ status: 404 });
    expect((await send("GET", "/")).text).toContain("<title>");
  });
});

test("the Kubernetes manifest fits the schemas of Kubernetes", async () => {
  const python = await ensurePython("operation");
  const manifest = readFences("docs/operations.md").find(({ text }) => text.startsWith("apiVersion"));
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "hangar.yaml");
  await writeFile(path, manifest?.text ?? "");
  const { stdout } = await run(python, ["-m", "kubernetes_validate", "--strict", path]);
  expect(stdout.match(/passed/g)).toHaveLength(5);
});
