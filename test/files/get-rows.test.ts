import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { waitUntil } from "../support/wait.ts";
import { parquetType, run, useFilesServer } from "./files-server.ts";

const files = useFilesServer();

/** A table with text that a spreadsheet would compute. */
const formulas = Buffer.from(tableToIPC(tableFromArrays({ "=t": ["=1+1"], n: Int32Array.of(-1) }), "stream"));

describe("GET of rows", () => {
  beforeAll(async () => {
    await files.put("table.parquet", files.parquet);
  });

  test("of a part as Parquet gives a file of its own, which pyarrow reads as what was selected, and leaves nothing", async () => {
    const answer = await fetch(files.urlOf("table.parquet?format=parquet&column=city&column=id&filter=id >= 299990"));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "accept-ranges": "none",
      "content-length": expect.stringMatching(/^\d+$/),
      "content-type": parquetType,
      etag: expect.stringMatching(/^W\/"/),
    });
    await writeFile(join(files.folder.path, "part.parquet"), Buffer.from(await answer.arrayBuffer()));
    const program = `
import pyarrow.parquet as pq
whole = pq.read_table("table.parquet")
part = pq.read_table("part.parquet")
print(part.equals(whole.select(part.column_names).slice(299990)), part.num_rows, part.column_names)`;
    const { stdout } = await run(await ensurePython(), ["-c", program], { cwd: files.folder.path });
    expect(stdout).toBe("True 10 ['id', 'city']\n");
    const nothing = await fetch(files.urlOf("table.parquet?format=parquet&filter=id < 0"));
    expect(
      Buffer.from(await nothing.arrayBuffer())
        .subarray(-4)
        .toString(),
    ).toBe("PAR1");
    const head = await fetch(files.urlOf("table.parquet?format=parquet&limit=5"), { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, parquetType]);
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const leaving = new AbortController();
    const asked = fetch(files.urlOf("table.parquet?format=parquet&filter=id >= 0"), { signal: leaving.signal });
    asked.catch(() => leave());
    leaving.abort();
    await left;
    await waitUntil("nothing is left", async () => (await files.leftovers()).length === 0);
  });

  test.each([
    ["", "*/*", 200, parquetType],
    ["", "text/html,application/xhtml+xml,*/*;q=0.8", 200, parquetType],
    ["?limit=1", "*/*", 200, "application/x-ndjson"],
    ["", "text/csv", 200, "text/csv"],
    ["", "text/csv;q=0.5, application/x-ndjson", 200, "application/x-ndjson"],
    ["", "application/vnd.apache.arrow.stream", 200, "application/vnd.apache.arrow.stream"],
    ["?format=csv", "application/x-ndjson", 200, "text/csv"],
    ["", "text/html", 406, null],
    ["?limit=1", parquetType, 200, parquetType],
    ["?limit=1", `${parquetType}, text/csv;q=0.5`, 200, parquetType],
    ["?limit=1", "application/octet-stream", 200, parquetType],
    ["?limit=1", "image/png", 406, null],
    ["?format=parquet&column=nothing", "*/*", 400, "application/json"],
  ])("of %s that accepts %s is %i, %s", async (query, accept, status, type) => {
    const answer = await fetch(files.urlOf(`table.parquet${query}`), { method: "HEAD", headers: { accept } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, type]);
  });

  test("gives what is selected", async () => {
    const query = new URLSearchParams({ filter: "id in (7, 299999) and city is not null", columns: "id,city" });
    const text = await (await fetch(files.urlOf(`table.parquet?${query.toString()}`))).text();
    expect(text).toMatch(/^\{"id":"7","city":"\S+"\}\n\{"id":"299999","city":"\S+"\}\n$/);
    const csv = await fetch(files.urlOf("table.parquet?format=csv&column=id&offset=299998&limit=9"));
    expect(await csv.text()).toBe("id\n299998\n299999\n");
    expect(
      (await fetch(files.urlOf("table.parquet"), { headers: { "if-none-match": csv.headers.get("etag")! } })).status,
    ).toBe(200);
  });

  test("is CSV for spreadsheets, with an entity tag of its own", async () => {
    await files.put("=formulas.parquet", formulas);
    const answers = ["", "&bom=0", "&bom=1", "&guard=formulas", "&bom=1&guard=formulas"].map(async (query) => {
      const answer = await fetch(files.urlOf(`${encodeURIComponent("=formulas.parquet")}?format=csv${query}`));
      return [Buffer.from(await answer.arrayBuffer()).toString(), answer.headers.get("etag")] as const;
    });
    const [plain, off, bom, guard, both] = await Promise.all(answers);
    expect(plain![0]).toBe("=t,n\n=1+1,-1\n");
    expect(off![0]).toBe(plain![0]);
    expect(bom![0]).toBe("\uFEFF=t,n\n=1+1,-1\n");
    expect(guard![0]).toBe("'=t,n\n'=1+1,-1\n");
    expect(both![0]).toBe("\uFEFF'=t,n\n'=1+1,-1\n");
    expect(new Set([plain, bom, guard, both].map((each) => each![1])).size).toBe(4);
  });

  test.each([
    ["?format=ndjson&bom=1", '"bom" needs CSV; the response format is ndjson'],
    ["?format=parquet&guard=formulas", '"guard" needs CSV; the response format is parquet'],
    ["?bom=1", '"bom" needs CSV; the response format is parquet'],
    ["?format=csv&bom=yes", '"bom" must be 0 or 1'],
    ["?format=csv&guard=1", '"guard" must be formulas'],
  ])("refuses %s", async (query, message) => {
    const answer = await fetch(files.urlOf(`table.parquet${query}`));
    expect([answer.status, await answer.json()]).toEqual([400, { code: "invalid_argument", message }]);
  });
});
