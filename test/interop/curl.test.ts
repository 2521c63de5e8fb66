import { join } from "node:path";
import { afterAll, beforeEach, beforeAll, describe, expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { writeFixture } from "../support/fixture.ts";
import { startBehindProxy, startHangar, startRecipe, type TestServer } from "../support/server.ts";

let server: TestServer;

const asJson = ["-H", "content-type: application/json"];

/** Runs curl as a person would, and parses what it prints; the HTTP status comes along as `status`. */
async function curl(path: string, ...args: string[]): Promise<{ status: number; body: Record<string, unknown> }> {
  const write = ["--silent", "--show-error", "--max-time", "20", "--write-out", "\n%{http_code}"];
  await using child = startChild("curl", [...write, ...args, `${server.url}/${path}`]);
  const { exitCode } = await child.exit();
  expect(exitCode, child.output()).toBe(0);
  const [, body = "", status = ""] = /^(.*)\n(\d+)$/s.exec(child.stdout()) ?? [];
  return { status: Number(status), body: JSON.parse(body) as Record<string, unknown> };
}

const flights = "arrow.flight.protocol.FlightService";
const datasets = "hangar.v1.DatasetService";

/** The last is what each says of a dataset that is not there: the recipe lets Python's error pass. */
const servers: readonly (readonly [string, () => Promise<TestServer>, status: number])[] = [
  ["Hangar", startHangar, 404],
  ["the recipe's server, through the proxy,", () => startBehindProxy(startRecipe), 500],
];

describe.each(servers)("to %s one line of curl", (_title, start, missingStatus) => {
  beforeAll(async () => {
    server = await start();
  });
  beforeEach(() => writeFixture(join(server.repo, "uploaded.parquet"), 3));
  afterAll(() => server[Symbol.asyncDispose]());

  test("asks for a flight by its path", async () => {
    const path = `{"type":"PATH","path":["uploaded.parquet"]}`;
    const { status, body } = await curl(`${flights}/GetFlightInfo`, ...asJson, "-d", path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      flightDescriptor: { type: "PATH", path: ["uploaded.parquet"] },
      endpoint: [{ ticket: { ticket: btoa("uploaded.parquet") } }],
      totalRecords: "3",
    });
  });

  test("lists datasets", async () => {
    const { body } = await curl(`${datasets}/ListDatasets`, ...asJson, "-d", "{}");
    expect(body).toMatchObject({ datasets: [{ name: "uploaded.parquet", rows: "3", columns: 2 }] });
  });

  test("lists datasets by GET", async () => {
    const message = encodeURIComponent(`{"glob":"up*"}`);
    const { body } = await curl(`${datasets}/ListDatasets?connect=v1&encoding=json&message=${message}`);
    expect(body).toMatchObject({ datasets: [{ name: "uploaded.parquet" }] });
  });

  test("lists datasets by GET again only when there is something new", async () => {
    const url = `${server.url}/${datasets}/ListDatasets?connect=v1&encoding=json&message=%7B%7D`;
    await using folder = await createTemporaryFolder();
    const tag = join(folder.path, "etag");
    const ask = async (): Promise<string> => {
      await using child = startChild("curl", [
        "-s",
        "--etag-compare",
        tag,
        "--etag-save",
        tag,
        "-w",
        "%{http_code}",
        url,
      ]);
      await child.exit();
      return child.stdout();
    };
    expect(await ask()).toMatch(/uploaded.*200$/);
    expect(await ask()).toBe("304");
    await writeFixture(join(server.repo, "uploaded.parquet"), 4);
    expect(await ask()).toMatch(/uploaded.*"4".*200$/);
  });

  test("lists page by page", async () => {
    await writeFixture(join(server.repo, "another.parquet"), 1);
    const first = await curl(`${datasets}/ListDatasets`, ...asJson, "-d", `{"pageSize":1}`);
    expect(first.body).toMatchObject({ datasets: [{ name: "another.parquet" }] });
    const { nextPageToken } = first.body;
    const second = await curl(
      `${datasets}/ListDatasets`,
      ...asJson,
      "-d",
      JSON.stringify({ pageToken: nextPageToken }),
    );
    expect(second.body).toMatchObject({ datasets: [{ name: "uploaded.parquet" }] });
    expect(second.body).not.toHaveProperty("nextPageToken");
  });

  test("looks at a dataset and its schema", async () => {
    const { body } = await curl(`${datasets}/GetDataset`, ...asJson, "-d", `{"name":"uploaded.parquet"}`);
    expect(body).toMatchObject({
      dataset: { name: "uploaded.parquet", rows: "3", columns: 2 },
      schema: {
        fields: [
          { name: "n", type: "int64", nullable: true },
          { name: "text", type: "string", nullable: true },
        ],
      },
    });
  });

  test("drops a dataset, once", async () => {
    const name = `{"name":"uploaded.parquet"}`;
    expect((await curl(`${datasets}/DropDataset`, ...asJson, "-d", name)).status).toBe(200);
    const again = await curl(`${datasets}/DropDataset`, ...asJson, "-d", name);
    expect(again).toMatchObject({ status: missingStatus });
    expect(again.body["message"]).toContain("uploaded.parquet");
  });

  test("does not drop by GET", async () => {
    const message = encodeURIComponent(`{"name":"uploaded.parquet"}`);
    const url = `${server.url}/${datasets}/DropDataset?connect=v1&encoding=json&message=${message}`;
    expect((await fetch(url)).status).toBe(405);
    const { status } = await curl(`${datasets}/GetDataset`, ...asJson, "-d", `{"name":"uploaded.parquet"}`);
    expect(status).toBe(200);
  });

  test("asks for the server's health", async () => {
    const { body } = await curl("grpc.health.v1.Health/Check", ...asJson, "-d", "{}");
    expect(body).toEqual({ status: "SERVING" });
  });

  test("is told what is wrong with a name", async () => {
    const { status, body } = await curl(`${datasets}/GetDataset`, ...asJson, "-d", `{"name":"../secret"}`);
    expect({ status, code: body["code"] }).toEqual({ status: 400, code: "invalid_argument" });
  });
});
