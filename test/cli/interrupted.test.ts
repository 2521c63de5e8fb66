import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { decodeIpcStream, encodeSchemaMessage } from "../../src/arrow/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";
import { writeFixture } from "../support/fixture.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";
import { waitUntil, within } from "../support/wait.ts";
import { runHangar } from "./run-hangar.ts";

const bytes = tableToIPC(tableFromArrays({ n: Int32Array.from({ length: 1000 }, (_, i) => i) }), "stream");
const frames = [...decodeIpcStream(bytes)];

function start(args: readonly string[], url: string, cwd: string): ChildProcess {
  const env = { ...process.env, HANGAR_URL: url };
  return spawn(process.execPath, [hangarProgram, ...args], { env, cwd, stdio: ["pipe", "ignore", "pipe"] });
}

const exitOf = async (child: ChildProcess): Promise<unknown> =>
  (await within("the end of hangar", once(child, "exit")))[0];

describe("a get that is interrupted", () => {
  let server: FlightServer;
  let url: string;
  let folder: TemporaryFolder;
  let cancelledCount = 0;
  let startedCount = 0;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    server = createFlightServer({
      authenticate: async ({ header }) => {
        if (header.get("authorization") !== "Bearer open sesame")
          throw new FlightError("unauthenticated", "who is it?");
        return { subject: "somebody" };
      },
      producer: {
        async getFlightInfo(_context, flightDescriptor) {
          const schema = encodeSchemaMessage(frames[0]?.header ?? bytes);
          return { schema, flightDescriptor, endpoint: [{ ticket: { ticket: Buffer.from("endless") } }] };
        },
        async *doGet(context) {
          yield* frames;
          startedCount += 1;
          await once(context.signal, "abort");
          cancelledCount += 1;
        },
      },
    });
    const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
    url = `grpc://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    await server.close();
    await folder[Symbol.asyncDispose]();
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("by %s cancels its call, leaves no file, and ends with %i", async (signal, exitCode) => {
    const [started, cancelled] = [startedCount, cancelledCount];
    const child = start(["get", "endless", "-o", "out.csv", "--token", "open sesame"], url, folder.path);
    const files = (): Promise<string[]> => readdir(folder.path);
    await waitUntil("the file is begun", async () => startedCount > started && (await files()).length === 1);
    child.kill(signal);
    expect(await exitOf(child)).toBe(exitCode);
    await waitUntil("the call is cancelled", () => cancelledCount > cancelled);
    expect(await files()).toEqual([]);
  });

  test("leaves no folder that it has made", async () => {
    const started = startedCount;
    const child = start(["get", "endless", "-o", "new/folder/", "--token", "open sesame"], url, folder.path);
    const files = async (): Promise<string[]> => await readdir(folder.path, { recursive: true });
    await waitUntil("the file is begun", async () => startedCount > started && (await files()).length === 3);
    child.kill("SIGINT");
    expect(await exitOf(child)).toBe(130);
    expect(await files()).toEqual([]);
  });

  test("ends with 4 where the server does not know who calls", async () => {
    const get = await runHangar(["get", "endless", "--json"], { url });
    expect(get).toMatchObject({ exitCode: 4, stdout: "" });
    expect(JSON.parse(get.stderr)).toEqual({ error: { code: "unauthenticated", message: "who is it?" } });
  });
});

/** The files of uploads that are under way. */
async function uploadsOf({ repo }: TestServer): Promise<string[]> {
  const folder = join(repo, ".hangar/uploads");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("against Hangar", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startHangar();
    await writeFixture(join(server.repo, "large.parquet"), 2_000_000);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("a put that is interrupted while its data comes leaves nothing", async () => {
    const child = start(["put", "-", "cut"], server.location, server.repo);
    child.stdin?.write(bytes.subarray(0, bytes.byteLength - 100));
    await waitUntil("the upload has begun", async () => (await uploadsOf(server)).length > 0);
    child.kill("SIGINT");
    expect(await exitOf(child)).toBe(130);
    child.stdin?.destroy();
    await waitUntil("nothing is left", async () => (await uploadsOf(server)).length === 0);
    const client = connect(server.location);
    expect((await Array.fromAsync(client.list())).map(({ name }) => name)).toEqual(["large.parquet"]);
    client.close();
  });

  test.each(["csv", "ndjson", "json", "arrow", "table"])(
    "a reader of %s that has seen enough ends a get cleanly",
    async (format) => {
      const command = `"$0" "$1" get large.parquet --format ${format} | head -c 100 | wc -c; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command, process.execPath, hangarProgram], {
        env: { ...process.env, HANGAR_URL: server.location },
      });
      expect([stdout.trim(), stderr]).toEqual(["100\n0", ""]);
    },
  );
});
