import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { barCondition, valueCondition } from "../../web/src/columns/conditions.ts";
import { isFilterable } from "../../web/src/selection/filter-text.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { fixturesMs, writeFixtures } from "./app.ts";
import { summariseColumns, type SummarisedColumn } from "./summarise-columns.ts";

const rowCount = 3000;
const limits = { countedMax: 1000, distinct: { ofColumnMax: 1000, left: 1000 }, bytesMax: 1_000_000, sampleMax: 1000 };

let server: TestServer;
let columns: ReadonlyMap<string, SummarisedColumn>;
beforeAll(async () => {
  server = await startHangar();
  await writeFixtures(server.repo, ["values"]);
  columns = await summariseColumns(server, "values.parquet", limits);
}, fixturesMs);
afterAll(() => server[Symbol.asyncDispose]());

const sum = (counts: readonly number[]): number => counts.reduce((all, each) => all + each, 0);

/** Has the server count rows. */
async function countRows(filter: string): Promise<number> {
  const query = new URLSearchParams({ format: "csv", columns: "bool", filter });
  const response = await fetch(`${server.url}/datasets/values.parquet?${query.toString()}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${filter}: ${text}`);
  return text.split("\n").length - 2;
}

describe("the bars of a column of every type", () => {
  test("filter the rows that they count, and all rows are counted", async () => {
    expect(columns.size).toBe(27);
    for (const { field, summariser } of columns.values()) {
      const summary = summariser.summary();
      const { distribution, nullCount } = summary;
      expect([field.name, summary.rowCount, isFilterable(field)]).toEqual([field.name, rowCount, true]);
      if (distribution.kind === "none") throw new Error(`${field.name} has no distribution`);
      const bars =
        distribution.kind === "histogram"
          ? distribution.bars.map((bar, i) => ({ ...bar, condition: barCondition(field, summary, i) }))
          : distribution.values.map((value) => ({ ...value, condition: valueCondition(field, value)! }));
      for (const bar of bars) {
        if (bar.rowCount > 0)
          expect([bar.condition, await countRows(bar.condition)]).toEqual([bar.condition, bar.rowCount]);
      }
      const counted = sum(bars.map((bar) => bar.rowCount));
      const outside = distribution.kind === "histogram" ? sum(Object.values(distribution.outside)) : 0;
      expect([field.name, counted + outside + nullCount]).toEqual([field.name, rowCount]);
    }
  });

  test("are between bounds that are exact", () => {
    const boundsOf = (name: string): (string | undefined)[] => {
      const { min, max } = columns.get(name)!.summariser.summary();
      return [min?.text, max?.text];
    };
    expect(boundsOf("uint64")).toEqual(["18446744073709548616", "18446744073709551615"]);
    expect(boundsOf("float")).toEqual(["-94.5", "108.5"]);
    expect(boundsOf("early")).toEqual(["0001-01-01T00:00:00.000000", "9999-12-31T00:00:00.000000"]);
    expect(boundsOf("decimal")).toEqual(["-15.00", "14.99"]);
    expect(boundsOf("text")).toEqual(["", 'ł"ódź']);
  });
});
