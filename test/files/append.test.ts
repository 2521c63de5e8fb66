import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { ensurePython } from "../../scripts/python.ts";
import { run, useFilesServer } from "./files-server.ts";

/** Appending to a folder: one more file of it. */

const files = useFilesServer();

const rowsFrom = (first: number) => tableFromArrays({ n: Int32Array.from({ length: 100 }, (_, i) => first + i) });

async function post(folder: string, body: Buffer<ArrayBuffer>, key?: string): Promise<Response> {
  const headers = key === undefined ? undefined : { "idempotency-key": key };
  return await fetch(files.urlOf(folder), { method: "POST", body, ...(headers && { headers }) });
}

/** The numbers in all files of a folder, as DuckDB reads them. */
async function numbersIn(folder: string): Promise<{ files: number; rows: number; distinct: number }> {
  const program = `
import duckdb, json, sys
print(json.dumps(duckdb.sql(f"""select count(distinct filename) as files, count(*) as rows, count(distinct n) as distinct
  from read_parquet('{sys.argv[1]}/*.parquet', filename=true)""").to_df().to_dict("records")[0]))`;
  const { stdout } = await run(await ensurePython(), ["-c", program, `${files.server.repo}/${folder}`]);
  return JSON.parse(stdout) as { files: number; rows: number; distinct: number };
}

describe("an append", () => {
  test("by HTTP stores one more file, and tells where", async () => {
    const answers = [await post("log/", files.parquet), await post("log/", files.arrows)];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const names = answers.map(({ headers }) => headers.get("location")!);
    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
    for (const name of names) {
      expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.parquet$/);
      expect((await fetch(new URL(name, files.urlOf("log/")), { method: "HEAD" })).status).toBe(200);
    }
  });

  test("that is repeated with its key is stored once", async () => {
    const statuses = await Promise.all(Array.from({ length: 8 }, () => post("once/", files.parquet, '"order-1"')));
    expect(statuses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...Array(7).fill(200), 201]);
    expect((await fetch(files.urlOf("once/order-1.parquet"), { method: "HEAD" })).status).toBe(200);
    const again = await post("once/", files.parquet, "order-1");
    expect([again.status, again.headers.get("location")]).toEqual([200, "order-1.parquet"]);
  });

  test.each([
    ["", undefined, "an append needs a folder"],
    ["log/?x=1", undefined, "no parameters"],
    ["log/", "a/b", "cannot identify an append"],
    ["log/", "..", "cannot identify an append"],
    ["log/", "x".repeat(129), "cannot identify an append"],
    [".hidden/", undefined, "starts with a dot"],
  ])("to %j with the key %j is refused", async (path, key, words) => {
    const answer = await post(path, files.parquet, key);
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  });

  test("of what is no data leaves nothing", async () => {
    const answer = await post("none/", Buffer.from("no data"), "k");
    expect(answer.status).toBe(400);
    expect((await fetch(files.urlOf("none/"))).status).toBe(404);
  });

  test("of 16 clients at once loses and doubles no row, although each is repeated", async () => {
    const appendAll = async (client: number): Promise<void> => {
      const own = connect(files.server.url);
      for (let i = 0; i < 8; i++) {
        const first = (client * 8 + i) * 100;
        const [id, table] = [`client-${client}-${i}`, rowsFrom(first)];
        // Every third one is repeated, as after an answer that was lost.
        for (let tries = i % 3 === 0 ? 2 : 1; tries > 0; tries--) await own.append("race", table, { id });
      }
      own.close();
    };
    await Promise.all(Array.from({ length: 16 }, (_, client) => appendAll(client)));
    expect(await numbersIn("race")).toEqual({ files: 128, rows: 12_800, distinct: 12_800 });
  });

  test("by the client tells its name, and takes a file as well", async () => {
    const client = connect(files.server.url);
    const first = await client.append("mixed", rowsFrom(0));
    expect(first).toMatchObject({ name: expect.stringMatching(/^mixed\/.*\.parquet$/), isNew: true, rowCount: 100 });
    const stream = Buffer.from(tableToIPC(rowsFrom(100), "stream"));
    const blob = await client.append("mixed", new Blob([stream]), { id: "as-a-file" });
    expect(blob).toMatchObject({ name: "mixed/as-a-file.parquet", isNew: true });
    expect(await client.append("mixed", new Blob([stream]), { id: "as-a-file" })).toMatchObject({ isNew: false });
    expect(await numbersIn("mixed")).toEqual({ files: 2, rows: 200, distinct: 200 });
    client.close();
  });
});
