import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const run = promisify(execFile);

let server: TestServer;
beforeAll(async () => {
  server = await startHangar();
  await run(await ensurePython(), [join(import.meta.dirname, "make.py"), server.repo]);
});
afterAll(() => server[Symbol.asyncDispose]());

async function call(method: string, request: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${server.url}/hangar.v1.DatasetService/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test("GetDataset tells the statistics that pyarrow reads in the footer", async () => {
  const program = `
import json, sys, pyarrow.parquet as parquet
metadata = parquet.read_metadata(sys.argv[1])
groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
columns = [[group.column(i) for group in groups] for i in range(metadata.num_columns)]
print(json.dumps({
    "createdBy": metadata.created_by,
    "rowGroups": [{"rows": str(g.num_rows), "uncompressedBytes": str(g.total_byte_size),
        "compressedBytes": str(sum(g.column(i).total_compressed_size for i in range(g.num_columns)))} for g in groups],
    "columns": [{"path": c[0].path_in_schema.split("."), "codecs": [c[0].compression],
        "uncompressedBytes": str(sum(x.total_uncompressed_size for x in c)),
        "compressedBytes": str(sum(x.total_compressed_size for x in c)),
        "nulls": str(sum(x.statistics.null_count for x in c)),
        "min": str(min(x.statistics.min for x in c)), "max": str(max(x.statistics.max for x in c))} for c in columns],
}))`;
  const { stdout } = await run(await ensurePython(), ["-c", program, join(server.repo, "table.parquet")]);
  const { body } = await call("GetDataset", { name: "table.parquet", statistics: true });
  expect(body["statistics"]).toEqual(JSON.parse(stdout));
  expect((await call("GetDataset", { name: "table.parquet" })).body).not.toHaveProperty("statistics");
});

test("GetDataset says of bounds that are cut that they are", async () => {
  const program = `
import sys, pyarrow as pa, pyarrow.flight as flight
client = flight.connect("${server.location}")
table = pa.table({"long": ["p" * 100, "q" * 100], "short": ["a", "b"], "n": [1, 2]})
writer, _ = client.do_put(flight.FlightDescriptor.for_path("cut.parquet"), table.schema)
writer.write_table(table)
writer.close()`;
  await run(await ensurePython(), ["-c", program]);
  const { body } = await call("GetDataset", { name: "cut.parquet", statistics: true });
  const { columns } = body["statistics"] as { columns: { boundsCut?: boolean; max: string }[] };
  expect(columns.map(({ boundsCut = false, max }) => [boundsCut, max])).toEqual([
    [true, `${"q".repeat(63)}r`],
    [false, "b"],
    [false, "2"],
  ]);
});

test("DescribeServer tells a store of files from others", async () => {
  expect((await call("DescribeServer", {})).body).toEqual({ files: true });
});

describe("PreviewRows", () => {
  test("gives what is selected, as JSON", async () => {
    const request = { name: "table.parquet", columns: ["city", "id"], filter: "id >= 7", offset: "2", limit: 2 };
    const { body } = await call("PreviewRows", request);
    expect(body).toEqual({
      rows: [
        { id: "9", city: expect.any(String) },
        { id: "10", city: expect.any(String) },
      ],
    });
  });

  test("gives twenty rows where nothing is said, and a thousand at most", async () => {
    expect((await call("PreviewRows", { name: "table.parquet" })).body["rows"]).toHaveLength(20);
    expect((await call("PreviewRows", { name: "table.parquet", limit: 1000 })).body["rows"]).toHaveLength(1000);
  });

  test.each([
    [{ name: "nope" }, 404, "there is no dataset"],
    [{ name: "table.parquet", limit: 1001 }, 400, "limit"],
    [{ name: "table.parquet", offset: "-1" }, 400, "offset"],
    [{ name: "table.parquet", filter: "id >" }, 400, "at character 5"],
    [{ name: "table.parquet", columns: ["nope"] }, 400, "not a column"],
  ])("of %j is %i", async (request, status, words) => {
    const answer = await call("PreviewRows", request);
    expect(answer).toEqual({ status, body: expect.objectContaining({ message: expect.stringContaining(words) }) });
  });

  test("of rows that are too large says that some are missing", async () => {
    const program = `
import sys, pyarrow as pa, pyarrow.parquet as parquet
parquet.write_table(pa.table({"text": ["x" * 1_000_000] * 10}), sys.argv[1])`;
    await run(await ensurePython(), ["-c", program, join(server.repo, "wide.parquet")]);
    const { body } = await call("PreviewRows", { name: "wide.parquet" });
    expect(body["rows"]).toHaveLength(4);
    expect(body["truncated"]).toBe(true);
  });
});

describe("requests are checked by the rules of their proto", () => {
  test.each([
    ["ListDatasets", { pageSize: -1 }, "page_size: must be greater than or equal to 0 and less than or equal to 1000"],
    ["ListDatasets", { pageSize: 1001 }, "page_size"],
    ["GetDataset", {}, "name: must be at least 1 characters"],
    ["DropDataset", {}, "name"],
    ["PreviewRows", { name: "a", offset: "9007199254740992" }, "offset"],
  ])("%s of %j is refused", async (method, request, words) => {
    const answer = await call(method, request);
    const message: unknown = expect.stringContaining(words);
    expect(answer).toEqual({ status: 400, body: { code: "invalid_argument", message } });
  });
});
