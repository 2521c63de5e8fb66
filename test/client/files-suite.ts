import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import type { DatasetClient, Progress } from "../../src/client/index.ts";

/** What the client does with datasets as files, against a server that has them. */
export function describeFiles(connected: () => DatasetClient): void {
  test("a file can be put with the rows that it must have", async () => {
    const client = connected();
    await client.put("three.parquet", tableFromArrays({ n: Int32Array.of(1, 2, 3) }));
    const file = await (await fetch(client.url("three.parquet", { format: "parquet" }))).blob();
    const stream = new Blob([new Uint8Array(tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2, 3) }), "stream"))]);
    for (const each of [file, stream]) {
      await client.put("declared.parquet", each, { rowCount: 3 });
      await expect(client.put("declared.parquet", each, { rowCount: 4 })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining("declares 4 rows, but 3 arrived"),
      });
    }
  });

  test("a file is put as it lies, with its progress, and fetched by its URL", async () => {
    const client = connected();
    const n = Int32Array.from({ length: 50_000 }, (_, i) => i);
    await client.put("folder/a b.parquet", tableFromArrays({ n, "odd, name": [...n].map(String) }));
    const file = await (await fetch(client.url("folder/a b.parquet", { format: "parquet" }))).blob();
    const seen: Progress[] = [];
    let tag: string | null = null;
    const put = await client.put("copy.parquet", file, {
      mode: "create",
      onHeader: (header) => (tag = header.get("etag")),
      onProgress: (progress) => seen.push(progress),
    });
    const progress = { rowCount: 0, byteLength: file.size };
    expect(put).toEqual({ name: "copy.parquet", ...progress });
    expect(seen.at(-1)).toEqual(progress);
    expect(tag).toMatch(/^"\w+"$/);
    const copy = await (await fetch(client.url("copy.parquet", { format: "parquet" }))).bytes();
    expect(copy).toEqual(new Uint8Array(await file.arrayBuffer()));
    expect(await client.info("copy.parquet")).toMatchObject({ rowCount: n.length });
    const part = {
      columns: ["odd, name"],
      filter: [{ column: "n", op: ">=", value: 10 }],
      offset: 5,
      limit: 2,
    } as const;
    const rows = await (await fetch(client.url("copy.parquet", { format: "ndjson", ...part }))).text();
    expect(rows).toBe('{"odd, name":"15"}\n{"odd, name":"16"}\n');
    const again = client.put("copy.parquet", file, { mode: "create" });
    await expect(again).rejects.toMatchObject({ name: "FlightError", code: "already_exists" });
  });

  test("what is no file is refused, and an upload that is cancelled is none", async () => {
    const client = connected();
    const wrong = client.put("wrong", new Blob(["id,city\n1,Lima\n"]));
    await expect(wrong).rejects.toMatchObject({ name: "FlightError", code: "invalid_argument" });
    const cancelled = client.put("wrong", new Blob(["PAR1"]), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
    await expect(client.info("wrong")).rejects.toMatchObject({ code: "not_found" });
  });
}
