import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { startNginx } from "../support/nginx.ts";
import { useFilesServer } from "./files-server.ts";

const files = useFilesServer();

describe("PUT", () => {
  test("under a condition is 412 where it is not met, and leaves what there is", async () => {
    const ifNew = { "if-none-match": "*" };
    expect((await files.put("once.parquet", files.parquet, { "if-match": "*" })).status).toBe(412);
    const created = await files.put("once.parquet", files.parquet, ifNew);
    expect(created.status).toBe(201);
    expect((await files.put("once.parquet", files.arrows, ifNew)).status).toBe(412);
    expect((await files.put("once.parquet", files.arrows, { "if-match": '"other"' })).status).toBe(412);
    expect((await readFile(join(files.server.repo, "once.parquet"))).equals(files.parquet)).toBe(true);
    const tag = created.headers.get("etag") ?? "";
    expect((await files.put("once.parquet", files.arrows, { "if-match": `"x", ${tag}` })).status).toBe(204);
    expect((await files.put("once.parquet", files.arrows, { "if-match": tag })).status).toBe(412);
  });

  test("by several who know one version replaces it once", async () => {
    await files.put("raced.parquet", files.parquet);
    const tag = await files.tagOf("raced.parquet");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => files.put("raced.parquet", files.parquet, { "if-match": tag })),
    );
    const counts = [204, 412].map((wanted) => answers.filter(({ status }) => status === wanted).length);
    expect(counts).toEqual([1, 5]);
  });
});

describe("GET", () => {
  beforeAll(async () => {
    await files.put("table.parquet", files.parquet);
  });

  test("under a condition is 304 or 412", async () => {
    const first = await fetch(files.urlOf("table.parquet"), { method: "HEAD" });
    const [tag, changed] = [first.headers.get("etag")!, first.headers.get("last-modified")!];
    const earlier = new Date(Date.parse(changed) - 5000).toUTCString();
    for (const [headers, status] of [
      [{ "if-none-match": tag }, 304],
      [{ "if-none-match": `W/${tag}` }, 304],
      [{ "if-none-match": "*" }, 304],
      [{ "if-none-match": '"other"' }, 200],
      [{ "if-modified-since": changed }, 304],
      [{ "if-modified-since": earlier }, 200],
      [{ "if-modified-since": "never" }, 200],
      [{ "if-none-match": '"other"', "if-modified-since": changed }, 200],
      [{ "if-match": tag }, 200],
      [{ "if-match": '"other"' }, 412],
      [{ "if-unmodified-since": earlier }, 412],
      [{ "if-unmodified-since": changed }, 200],
      [{ range: "bytes=0-3", "if-range": tag }, 206],
      [{ range: "bytes=0-3", "if-range": '"other"' }, 200],
      [{ range: "bytes=0-3", "if-range": changed }, 206],
      [{ range: "bytes=0-3", "if-range": earlier }, 200],
    ] as const) {
      const answer = await fetch(files.urlOf("table.parquet"), { headers, cache: "no-store" });
      expect(answer.status, JSON.stringify(headers)).toBe(status);
      await answer.arrayBuffer();
    }
  });

  test("of a part has a weak entity tag of its own", async () => {
    const first = await fetch(files.urlOf("table.parquet?limit=1"));
    const tag = first.headers.get("etag")!;
    expect(tag).toMatch(/^W\/"/);
    const statuses = ["limit=1", "limit=2"].map(async (query) => {
      return (await fetch(files.urlOf(`table.parquet?${query}`), { headers: { "if-none-match": tag } })).status;
    });
    expect(await Promise.all(statuses)).toEqual([304, 200]);
  });
});

describe("DELETE", () => {
  test("is 204, 412 and 404", async () => {
    const created = await files.put("gone.parquet", files.parquet);
    const drop = async (headers: Record<string, string> = {}) =>
      (await fetch(files.urlOf("gone.parquet"), { method: "DELETE", headers })).status;
    expect(await drop({ "if-match": '"other"' })).toBe(412);
    expect(await drop({ "if-match": created.headers.get("etag")! })).toBe(204);
    expect(await drop()).toBe(404);
  });
});

describe("behind nginx that compresses, a weakened entity tag", () => {
  test("is good for If-Match of PUT and DELETE, and for If-None-Match", async () => {
    await using nginx = await startNginx([files.server.url], { directives: "gzip_types *; client_max_body_size 0;" });
    const request = async (method: string, headers: Record<string, string> = {}): Promise<Response> => {
      const body = method === "PUT" ? files.arrows : null;
      const answer = await fetch(`${nginx.http[0]}/datasets/weakened.parquet`, { method, headers, body });
      await answer.arrayBuffer();
      return answer;
    };
    await files.put("weakened.parquet", files.parquet);
    const tag = (await request("GET")).headers.get("etag")!;
    expect(tag).toMatch(/^W\/"/);
    expect((await request("GET", { "if-none-match": tag })).status).toBe(304);
    expect((await request("PUT", { "if-match": tag })).status).toBe(204);
    expect((await request("PUT", { "if-match": tag })).status).toBe(412);
    expect((await request("DELETE", { "if-match": tag })).status).toBe(412);
    const replaced = (await request("GET")).headers.get("etag")!;
    expect((await request("DELETE", { "if-match": replaced })).status).toBe(204);
  });
});
