import { Int32, Table, tableFromArrays, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import type { DatasetClient } from "../../src/client/index.ts";
import { batchOf, contentOf } from "./suite-tables.ts";

/** What a server does with the commands of `put` and `get`: modes, columns and rows. */
export function describeCommands(connected: () => DatasetClient): void {
  test("a put can refuse to replace, or replace", async () => {
    const client = connected();
    await client.put("once", tableFromArrays({ n: Int32Array.of(1) }), { mode: "create" });
    const again = client.put("once", tableFromArrays({ n: Int32Array.of(2) }), { mode: "create" });
    await expect(again).rejects.toMatchObject({ name: "FlightError", code: "already_exists" });
    expect(contentOf(await client.get("once").table())).toEqual([{ n: 1 }]);
    await client.put("once", tableFromArrays({ n: Int32Array.of(3) }), { mode: "replace" });
    expect(contentOf(await client.get("once").table())).toEqual([{ n: 3 }]);
  });

  test("a put can declare its rows, and is refused where its source ends early", async () => {
    const client = connected();
    const table = new Table([0, 1, 2].map((n) => batchOf({ n: vectorFromArray([n], new Int32()) })));
    expect(await client.put("declared", table, { rowCount: 3 })).toMatchObject({ rowCount: 3 });
    const early = client.put("declared", table.batches.slice(0, 2), { rowCount: 3, mode: "replace" });
    await expect(early).rejects.toMatchObject({
      name: "FlightError",
      code: "invalid_argument",
      message: expect.stringContaining("declares 3 rows, but 2 arrived"),
    });
    expect(contentOf(await client.get("declared").table())).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  test("a get can ask for columns and rows, of several endpoints", async () => {
    const n = Int32Array.from({ length: 1000 }, (_, i) => i);
    await connected().put("part", tableFromArrays({ n, twice: n.map((each) => each * 2), text: [...n].map(String) }));
    const part = await connected()
      .get("part", { columns: ["twice"], offset: 100, limit: 500, endpoints: 3 })
      .table();
    expect(part.schema.names).toEqual(["twice"]);
    const expected = Array.from({ length: 500 }, (_, i) => (100 + i) * 2);
    expect([...(part.getChild("twice")!.toArray() as Int32Array)]).toEqual(expected);
    const refused = connected()
      .get("part", { columns: ["absent"] })
      .table();
    await expect(refused).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("absent"),
    });
  });
}
