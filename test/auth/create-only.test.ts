import { tableToIPC } from "apache-arrow";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createToken, type AccessConfig } from "../../src/auth/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createTable } from "../contract/tables.ts";
import { serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";

/** Who may create and not replace never replaces, whatever happens while the data is on its way. */

const [writer, replacer, reader, owner] = [createToken(), createToken(), createToken(), createToken()];
const config: AccessConfig = {
  anonymous: "none",
  tokens: [
    { name: "writer", sha256: writer.sha256 },
    { name: "replacer", sha256: replacer.sha256 },
    { name: "reader", sha256: reader.sha256 },
    { name: "owner", sha256: owner.sha256 },
  ],
  rules: [
    { subjects: ["writer"], rights: ["write"], datasets: ["inbox/**"] },
    { subjects: ["replacer"], rights: ["replace"], datasets: ["**"] },
    { subjects: ["reader"], rights: ["read"], datasets: ["**"] },
    { subjects: ["owner"], rights: ["read", "replace", "drop"], datasets: ["**"] },
  ],
};

let server: GuardedServer;
beforeAll(async () => void (server = await serveGuardedStore(config)));
afterEach(() => server.reset());
afterAll(() => server[Symbol.asyncDispose]());

const clientOf = ({ token }: { token: string }) =>
  connect(`grpc://127.0.0.1:${server.port}`, { headers: { authorization: `Bearer ${token}` } });

async function idsOf(name: string): Promise<unknown> {
  const client = clientOf(reader);
  const table = await client.get(name).table();
  client.close();
  return table.getChild("id")?.get(0);
}

/** A put of which half has been sent; `finish` sends the rest and waits for the end. */
const halfPuts: Record<string, (name: string) => Promise<{ finish: () => Promise<string> }>> = {
  DoPut: async (name) => {
    const [sent, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const [first, ...others] = createTable(7).batches;
    async function* batches() {
      yield first!;
      sent.resolve();
      await rest.promise;
      yield* others;
    }
    const client = clientOf(writer);
    const putting = client
      .put(name, batches())
      .then(
        () => "ok",
        (reason: unknown) => String((reason as { code: unknown }).code),
      )
      .finally(() => client.close());
    await sent.promise;
    return { finish: async () => (rest.resolve(), await putting) };
  },
  PUT: async (name) => {
    const [sent, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const bytes = tableToIPC(createTable(7), "stream");
    async function* chunks() {
      yield bytes.subarray(0, 200);
      sent.resolve();
      await rest.promise;
      yield bytes.subarray(200);
    }
    const putting = fetch(`http://127.0.0.1:${server.port}/datasets/${name}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${writer.token}` },
      body: ReadableStream.from(chunks()),
      duplex: "half",
    }).then(({ status }) => ({ 201: "ok", 403: "permission_denied" })[status] ?? String(status));
    await sent.promise;
    return { finish: async () => (rest.resolve(), await putting) };
  },
};

test.each(Object.entries(halfPuts))("%s creates a dataset", async (_way, begin) => {
  const put = await begin("inbox/a");
  expect(await put.finish()).toBe("ok");
  expect(await idsOf("inbox/a")).toBe(7_000_000n);
});

test.each(Object.entries(halfPuts))("%s does not replace a dataset that has come meanwhile", async (_way, begin) => {
  const put = await begin("inbox/a");
  const client = clientOf(replacer);
  await client.put("inbox/a", createTable(8));
  client.close();
  expect(await put.finish()).toBe("permission_denied");
  expect(await idsOf("inbox/a")).toBe(8_000_000n);
});

test("a put that says replace, in a command or in a header, creates and does not replace", async () => {
  const client = clientOf(writer);
  await client.put("inbox/b", createTable(1), { mode: "replace" });
  await expect(client.put("inbox/b", createTable(2), { mode: "replace" })).rejects.toMatchObject({
    code: "permission_denied",
    message: 'you need the right "replace" for dataset "inbox/b"',
  });
  await expect(client.put("inbox/b", createTable(2), { mode: "create" })).rejects.toMatchObject({
    code: "already_exists",
  });
  await expect(client.put("elsewhere/b", createTable(2))).rejects.toMatchObject({ code: "permission_denied" });
  client.close();
  expect(await idsOf("inbox/b")).toBe(1_000_000n);
});

test("an append needs the right to create in its folder, whichever way it comes", async () => {
  const client = clientOf(writer);
  const modes = { "hangar-put-mode": "append", "idempotency-key": "own" };
  const put = async (name: string): Promise<unknown> => await client.put(name, createTable(9), { headers: modes });
  await put("inbox/log");
  // The second is told that the first was stored; it has replaced nothing.
  await put("inbox/log");
  expect(await idsOf("inbox/log/own.parquet")).toBe(9_000_000n);
  await expect(put("elsewhere")).rejects.toMatchObject({
    code: "permission_denied",
    message: 'you need the right "write" for dataset "elsewhere/own.parquet"',
  });
  const { name } = await client.put("inbox/log", createTable(8), { mode: "append" });
  expect(await idsOf(name)).toBe(8_000_000n);
  await expect(client.append("elsewhere", createTable(8))).rejects.toMatchObject({ code: "permission_denied" });
  client.close();
});

test("a compaction needs the rights to replace and to drop", async () => {
  const creating = clientOf(writer);
  for (const id of ["a", "b"]) await creating.append("inbox/log", createTable(1), { id });
  // The writer may not even know of the files.
  await expect(creating.compact("inbox/log")).rejects.toMatchObject({ code: "not_found" });
  creating.close();
  for (const caller of [reader, replacer]) {
    const client = clientOf(caller);
    await expect(client.compact("inbox/log")).rejects.toMatchObject(
      caller === reader
        ? { code: "permission_denied", message: expect.stringContaining('for dataset "inbox/log/a.parquet"') }
        : { code: "not_found" },
    );
    client.close();
  }
  const client = clientOf(owner);
  expect(await client.compact("inbox/log")).toMatchObject([
    { replaces: ["inbox/log/a.parquet", "inbox/log/b.parquet"] },
  ]);
  client.close();
});

test("a dataset that is in the way and may not be read is not named", async () => {
  const putter = clientOf(replacer);
  await putter.put("inbox/c", createTable(1));
  putter.close();
  const client = clientOf(writer);
  const words = await client.put("inbox/c/d", createTable(2)).then(
    () => "put",
    (reason: unknown) => (reason as Error).message,
  );
  client.close();
  expect(words).toBe('dataset "inbox/c/d" cannot be put under this name, or has another version now');
});
