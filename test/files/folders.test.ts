import { readdir } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePrograms } from "../../scripts/apt.ts";
import { ensurePython } from "../../scripts/python.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { run, useFilesServer } from "./files-server.ts";

/** Folders of datasets over plain HTTP. */

const files = useFilesServer();
const names = ["a.parquet", "geo/b.parquet", "geo/c.parquet", "geo/deep/d.parquet", `zoo/a"<b>&'ö %.parquet`];

beforeAll(async () => {
  for (const name of names) {
    const path = name.split("/").map(encodeURIComponent).join("/");
    await files.put(path, files.parquet);
  }
});
beforeAll(async () => {
  await ensurePrograms(["wget"]);
  await ensurePython("clients");
  // Their first use takes a while.
}, 900_000);

const asJson = { headers: { accept: "application/json" } };

describe("a folder", () => {
  test("is JSON for who prefers it, in pages", async () => {
    const answer = await fetch(files.urlOf("geo/"), asJson);
    expect(answer.headers.get("content-type")).toBe("application/json");
    const dataset = { kind: "dataset", rows: "300000", columns: 4, bytes: String(files.parquet.byteLength) };
    expect(await answer.json()).toEqual({
      folder: "geo/",
      entries: [
        { ...dataset, name: "b.parquet", changed: expect.stringMatching(/^20.*Z$/) },
        { ...dataset, name: "c.parquet", changed: expect.stringMatching(/^20.*Z$/) },
        { kind: "folder", name: "deep/" },
      ],
    });
    const paged: string[] = [];
    for (let url: string | undefined = files.urlOf("geo/?limit=1"); url !== undefined;) {
      const page: Response = await fetch(url, asJson);
      paged.push(...((await page.json()) as { entries: { name: string }[] }).entries.map(({ name }) => name));
      const [, next] = /^<(.*)>; rel="next"$/.exec(page.headers.get("link") ?? "") ?? [];
      url = next === undefined ? undefined : new URL(next, url).href;
    }
    expect(paged).toEqual(["b.parquet", "c.parquet", "deep/"]);
  });

  test("is a page of relative links, whose names are text", async () => {
    const root = await fetch(files.urlOf(""), { headers: { accept: "text/html,*/*;q=0.8" } });
    expect(root.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(root.headers.get("content-security-policy")).toContain("default-src 'none'");
    const links = [...(await root.text()).matchAll(/href="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual(["a.parquet", "geo/", "zoo/"]);
    const zoo = await (await fetch(files.urlOf("zoo/"))).text();
    expect(zoo).not.toContain("<b>");
    const [up, link = ""] = [...zoo.matchAll(/href="([^"]*)"/g)].map(([, each]) => each);
    expect(up).toBe("../");
    const target = link.replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
    expect((await fetch(new URL(target, files.urlOf("zoo/")), { method: "HEAD" })).status).toBe(200);
  });

  test("is found without its last slash, and is 404 where nothing is", async () => {
    for (const path of ["", "/geo", "/geo/deep"]) {
      const answer = await fetch(`${files.server.url}/datasets${path}`, { ...asJson, redirect: "follow" });
      expect([answer.status, answer.url]).toEqual([200, `${files.server.url}/datasets${path}/`]);
    }
    expect((await fetch(files.urlOf("nowhere/"))).status).toBe(404);
    expect((await fetch(files.urlOf("geo/b.parquet/"))).status).toBe(404);
    expect((await fetch(files.urlOf("geo/"), { headers: { accept: "image/png" } })).status).toBe(406);
    const put = await fetch(files.urlOf("geo/"), { method: "PUT", body: "x" });
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    for (const query of ["limit=0", "limit=10001", "limit=x", "format=csv"]) {
      expect((await fetch(files.urlOf(`geo/?${query}`))).status).toBe(400);
    }
  });

  test("is walked by fsspec", async () => {
    const program = `
import fsspec, json, sys
fs = fsspec.filesystem("http")
root = sys.argv[1]
found = sorted(fs.find(root))
print(json.dumps([len(found), fs.isdir(root + "geo/"), sorted(path[len(root):] for path in fs.glob(root + "geo/*.parquet"))]))`;
    const { stdout } = await run(await ensurePython("clients"), ["-c", program, files.urlOf("")]);
    expect(JSON.parse(stdout)).toEqual([names.length, true, ["geo/b.parquet", "geo/c.parquet"]]);
  });

  test("is mirrored by wget -r", async () => {
    await using folder = await createTemporaryFolder();
    const target = folder.path;
    await run("wget", ["-q", "-r", "-np", "-nH", "--cut-dirs=1", "-R", "index.html*", "-P", target, files.urlOf("")]);
    const mirrored = await readdir(target, { recursive: true, withFileTypes: true });
    expect(
      mirrored
        .filter((each) => each.isFile())
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(names.map((name) => name.split("/").at(-1)!).toSorted());
  });
});
