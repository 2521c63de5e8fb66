import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import { tableFromArrays, type RecordBatch } from "apache-arrow";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createToken } from "../../src/auth/index.ts";
import { connect } from "../../src/client-node/index.ts";
import type { DatasetClient } from "../../src/client/index.ts";
import { createCertificate } from "../support/certificate.ts";
import { startChild, type Child } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
const [old, young] = [createToken(), createToken()];

/** A line of the log about the configuration. */
interface ConfigLine {
  readonly msg: string;
  readonly error?: string;
  readonly restart?: readonly string[];
}

let folder: TemporaryFolder;
let path: string;
let child: Child;
const clients: DatasetClient[] = [];
beforeEach(async () => {
  folder = await createTemporaryFolder();
  path = join(folder.path, "hangar.toml");
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await child[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Starts a server by its configuration; gives its port. */
async function start(...args: string[]): Promise<number> {
  child = startChild(process.execPath, [hangarProgram, "serve", "--port", "0", "--config", path, ...args]);
  return Number((await child.waitFor(/Flight at grpc(?:\+tls)?:\/\/127\.0\.0\.1:(\d+)/))[1]);
}

const linesOf = (): readonly ConfigLine[] =>
  child
    .output()
    .split("\n")
    // The last one is still being written.
    .slice(0, -1)
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as ConfigLine)
    .filter(({ msg }) => msg.startsWith("configuration: "));

/** Does what changes the configuration; gives what the server says of it. */
async function reloading(change: () => Promise<void>): Promise<readonly ConfigLine[]> {
  const before = linesOf().length;
  await change();
  await waitUntil("the server has read its configuration", () => linesOf().length > before);
  return linesOf().slice(before);
}

const inForce = { msg: "configuration: reloaded" };
const refused = { msg: "configuration: not valid; the previous one stays in effect" };

/** A configuration with one token. */
const withToken = ({ sha256 }: { sha256: string }, ...lines: string[]): string =>
  ['repo = "data"', ...lines, "[[tokens]]", 'name = "etl"', `sha256 = "${sha256}"`].join("\n");

async function replace(text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

function clientWith(port: number, { token }: { token: string }): DatasetClient {
  const client = connect(`grpc://127.0.0.1:${port}`, { token });
  clients.push(client);
  return client;
}

describe("a configuration that changes while the server runs", () => {
  test("lets in by the new tokens, and a put that is under way goes on", async () => {
    await writeFile(path, withToken(old));
    const port = await start();
    const [before, after] = [clientWith(port, old), clientWith(port, young)];
    await expect(after.info("it")).rejects.toMatchObject({ code: "unauthenticated" });
    const isReloaded = Promise.withResolvers<void>();
    const hasBegun = Promise.withResolvers<void>();
    async function* batches(): AsyncGenerator<RecordBatch> {
      yield* table.batches;
      hasBegun.resolve();
      await isReloaded.promise;
      yield* table.batches;
    }
    const putting = before.put("it", batches());
    await hasBegun.promise;
    expect(await reloading(() => replace(withToken(young)))).toMatchObject([inForce]);
    await expect(before.info("it")).rejects.toMatchObject({ code: "unauthenticated" });
    isReloaded.resolve();
    expect(await putting).toMatchObject({ rowCount: 6 });
    expect(await after.info("it")).toMatchObject({ rowCount: 6 });
  });

  test("stays as it was where the new file is broken, empty, or lets everybody in by saying nothing", async () => {
    await writeFile(path, withToken(old));
    const client = clientWith(await start(), old);
    for (const [text, words] of [
      ["hosts = 1", ":1: hosts: is not a known key (did you mean host?)"],
      ["", "the configuration no longer restricts access"],
      ['repo = "data"', "the configuration no longer restricts access"],
      [withToken(young, 'tls-cert = "cert.pem"'), "--tls-cert and --tls-key must be given together"],
    ] as const) {
      expect(await reloading(() => replace(text))).toMatchObject([
        { ...refused, error: expect.stringContaining(words) },
      ]);
      await client.put("it", table);
    }
  });

  test("says what takes a restart, and has the rest take effect", async () => {
    await writeFile(path, withToken(old));
    const port = await start();
    const changed = withToken(young, 'host = "127.0.0.2"', 'cors-origin = ["*"]', 'log-level = "warn"');
    const lines = await reloading(() => replace(changed.replace("data", "other")));
    const [line] = lines.filter(({ restart }) => restart);
    expect(line).toMatchObject({
      msg: "configuration: some changes need a restart",
      restart: ["host", "repo", "cors-origin"],
    });
    // The log level is another one already: what went well is not said any more.
    expect(lines).toHaveLength(1);
    await clientWith(port, young).put("it", table);
  });

  test("is read on SIGHUP, and flags go over it still", async () => {
    await writeFile(path, withToken(old, 'log-level = "silent"'));
    await start("--log-level", "info");
    expect(await reloading(async () => child.kill("SIGHUP"))).toMatchObject([{ ...inForce, trigger: "SIGHUP" }]);
  });

  test("may lie behind a link that is swapped, as in Kubernetes, with the secrets that it names", async () => {
    const version = async (name: string, { sha256 }: { sha256: string }): Promise<void> => {
      await mkdir(join(folder.path, name));
      await writeFile(join(folder.path, name, "hash"), sha256);
      const text = withToken({ sha256: "" }).replace('sha256 = ""', 'sha256-file = "hash"');
      await writeFile(join(folder.path, name, "hangar.toml"), text.replace("data", "../data"));
      await symlink(name, join(folder.path, "..data.new"));
      await rename(join(folder.path, "..data.new"), join(folder.path, "..data"));
    };
    await version("v1", old);
    await symlink("..data/hangar.toml", path);
    await symlink("..data/hash", join(folder.path, "hash"));
    const port = await start("--repo", join(folder.path, "data"));
    await clientWith(port, old).put("it", table);
    // The two files are looked at one after the other, and each may be read for itself.
    expect((await reloading(() => version("v2", young)))[0]).toMatchObject(inForce);
    expect(await clientWith(port, young).info("it")).toMatchObject({ rowCount: 3 });
  });

  test("gives new connections another certificate, which open ones do without", async () => {
    const certificates = [await createCertificate(), await createCertificate()] as const;
    const write = async ({ cert, key }: { cert: Buffer; key: Buffer }): Promise<void> => {
      await writeFile(join(folder.path, "tls.crt"), cert);
      await writeFile(join(folder.path, "tls.key"), key);
    };
    await write(certificates[0]);
    await writeFile(path, withToken(old, 'tls-cert = "tls.crt"', 'tls-key = "tls.key"'));
    const port = await start();
    const url = `grpc+tls://127.0.0.1:${port}`;
    const client = connect(url, { token: old.token, tls: { ca: certificates[0].cert } });
    clients.push(client);
    await client.put("it", table);
    // Puts have a connection of their own.
    await client.info("it");
    const fingerprint = async (): Promise<string> => {
      const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const first = await fingerprint();
    // Between the two files, the pair does not fit, and is refused.
    await write(certificates[1]);
    await waitUntil("there is another certificate", async () => (await fingerprint()) !== first);
    expect(await client.info("it")).toMatchObject({ rowCount: 3 });
    const next = connect(url, { token: old.token, tls: { ca: certificates[1].cert } });
    clients.push(next);
    expect(await next.info("it")).toMatchObject({ rowCount: 3 });
  });
});
