import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { createTemporaryFolder } from "../support/folder.ts";
import { waitUntil } from "../support/wait.ts";
import { parquetType, run, useFilesServer } from "./files-server.ts";

const files = useFilesServer();

describe("GET of a file", () => {
  beforeAll(async () => {
    await files.put("table.parquet", files.parquet);
  });

  test.each([
    ["bytes=0-3", 206, [0, 4]],
    ["bytes=-8", 206, [-8, undefined]],
    ["bytes=100-", 206, [100, undefined]],
    ["bytes=5-99999999", 206, [5, undefined]],
    ["bytes=0-3,10-20", 200, [0, undefined]],
    ["bytes=9-3", 200, [0, undefined]],
    ["rows=0-3", 200, [0, undefined]],
    ["bytes=99999999-", 416, [0, 0]],
  ])("of the range %s is %i", async (range, status, [start, end]) => {
    const answer = await fetch(files.urlOf("table.parquet"), { headers: { range } });
    expect(answer.status).toBe(status);
    expect(Buffer.from(await answer.arrayBuffer()).equals(files.parquet.subarray(start, end))).toBe(true);
  });

  test("and HEAD say what there is", async () => {
    for (const method of ["GET", "HEAD"]) {
      const answer = await fetch(files.urlOf("table.parquet"), { method });
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        "accept-ranges": "bytes",
        "content-length": String(files.parquet.byteLength),
        "content-type": parquetType,
        "content-disposition": `attachment; filename="table.parquet"; filename*=UTF-8''table.parquet`,
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        "last-modified": expect.stringMatching(/GMT$/),
        "x-content-type-options": "nosniff",
      });
      expect((await answer.arrayBuffer()).byteLength).toBe(method === "GET" ? files.parquet.byteLength : 0);
    }
  });

  test.each(["--http1.1", "--http2-prior-knowledge"])(
    "gives the same bytes to who reads slowly, by curl %s",
    async (version) => {
      const args = ["-s", version, "--limit-rate", "8M", "-o", "slow", files.urlOf("table.parquet")];
      await run("curl", args, { cwd: files.folder.path });
      expect((await readFile(join(files.folder.path, "slow"))).equals(files.parquet)).toBe(true);
    },
  );

  test.each([
    ["?format=csv", null],
    ["?format=ndjson", null],
    ["?format=arrow", null],
    ["?format=parquet&limit=5", null],
    ["?limit=5", null],
    ["", "whole"],
    ["?format=parquet", "whole"],
    ["?nothing", "of the error"],
  ])("by HEAD of %j says the length where it is known, and only there: %s", async (query, known) => {
    for (const version of ["--http1.1", "--http2-prior-knowledge"]) {
      const { stdout } = await run("curl", ["-s", "-I", version, files.urlOf(`table.parquet${query}`)]);
      const length = /^content-length: (\d+)/im.exec(stdout)?.[1];
      if (known === null) expect(length).toBeUndefined();
      else if (known === "whole") expect(length).toBe(String(files.parquet.byteLength));
      else expect(Number(length)).toBeGreaterThan(0);
    }
  });

  test.each([
    ["table.parquet?format=csv&limit=1", "table.csv"],
    ["table.parquet?format=ndjson&limit=1", "table.ndjson"],
    ["table.parquet?format=arrow&limit=1", "table.arrows"],
    ["table.parquet", "table.parquet"],
    [`${encodeURIComponent('Łódź "é"%\'.parquet').replace("%5C", "")}?format=csv&limit=1`, "_odz _e__'.csv"],
  ])("of %s is saved by curl -OJ under the name %s", async (path, name) => {
    await files.put(path.split("?")[0]!, files.parquet);
    await using into = await createTemporaryFolder();
    await run("curl", ["-s", "-OJ", files.urlOf(path)], { cwd: into.path });
    expect(await readdir(into.path)).toEqual([name]);
  });

  test.each([
    ["nope", 404, "there is no dataset"],
    ["..%2Fsecret", 400, "an encoded /"],
    ["%ff", 400, "percent-encoded UTF-8"],
    ["table.parquet?limit=-1", 400, '"limit" must be a whole number'],
    ["table.parquet?limit=1&limit=2", 400, "twice"],
    ["table.parquet?rows=1", 400, 'no parameter "rows"'],
    ["table.parquet?format=xml", 400, '"format" must be one of'],
    ["table.parquet?format=parquet&column=nothing", 400, "which is not a column"],
    ["table.parquet?columns=nope", 400, "not a column of the dataset"],
    ["table.parquet?filter=id%20>", 400, "at character 5"],
  ])("of %s is %i", async (name, status, words) => {
    const answer = await fetch(files.urlOf(name));
    expect([answer.status, await answer.json()]).toEqual([
      status,
      { code: expect.any(String), message: expect.stringContaining(words) },
    ]);
  });

  test("that is left closes its file, and one of a dropped dataset goes on", async () => {
    await files.put("held.parquet", files.parquet);
    const held = await fetch(files.urlOf("held.parquet?format=csv"));
    expect((await fetch(files.urlOf("held.parquet"), { method: "DELETE" })).status).toBe(204);
    expect((await held.text()).split("\n")).toHaveLength(300_002);
    const left = await fetch(files.urlOf("table.parquet?format=csv"));
    await left.body?.cancel();
    const openFiles = async () => (await readdir(`/proc/${files.server.child.pid}/fd`)).length;
    const before = await openFiles();
    for (let i = 0; i < 20; i++) await (await fetch(files.urlOf("table.parquet?format=ndjson"))).body?.cancel();
    await waitUntil("the files are closed", async () => (await openFiles()) <= before + 5);
  });

  test("of a file that is changed in place is cut", async () => {
    const big = Buffer.concat(Array.from({ length: 30 }, () => files.parquet));
    await writeFile(join(files.server.repo, "changed.parquet"), big);
    await writeFile(join(files.server.repo, "changed.parquet"), Buffer.concat([big, files.parquet]));
    const answer = await fetch(files.urlOf("changed.parquet"));
    await writeFile(join(files.server.repo, "changed.parquet"), files.parquet);
    await expect(answer.arrayBuffer()).rejects.toThrow("terminated");
  });
});
