import { Binary, Field, Int64, List, Struct, Table, tableFromArrays, Utf8, vectorFromArray } from "apache-arrow";
import { expect, test } from "vitest";
import { formatTable, toTableText } from "../../../src/cli/table-text.ts";
import { toFrames } from "../../../src/client/index.ts";

const cities = tableFromArrays({ city: ["東京", "é👩‍👩‍👧", "Lima", "null", ""], n: Int32Array.of(1, 22, 333, 4, 5) });

async function show(table: ReturnType<typeof tableFromArrays>, lineWidth?: number): Promise<string[]> {
  return (await Array.fromAsync(toTableText(toFrames(table), { lineWidth }))).join("").split("\n");
}

test("aligns wide characters and numbers, and distinguishes null from a text", async () => {
  const nulls = tableFromArrays({ city: [null, "", "null", '"null"', "x"] });
  expect(await show(cities)).toEqual([
    "city      n",
    "東京      1",
    "é👩‍👩‍👧      22",
    "Lima    333",
    '"null"    4',
    "          5",
    "",
  ]);
  expect(await show(nulls)).toEqual(["city", "null", "", '"null"', '""null""', "x", ""]);
});

test("shows bytes in hexadecimal, as filters take them", async () => {
  const bytes = vectorFromArray([Uint8Array.of(0, 255), Uint8Array.of(), null], new Binary());
  expect(await show(new Table({ bytes }))).toEqual(["bytes", "0x00ff", "", "null", ""]);
});

test("shows numbers in nested values without quotes, and texts with them", async () => {
  const type = new Struct([new Field("n", new Int64()), new Field("text", new Utf8())]);
  const structs = vectorFromArray([{ n: 9007199254740993n, text: "1" }, null], type);
  const lists = vectorFromArray([[1n, null], [-2n]], new List(new Field("item", new Int64(), true)));
  expect(await show(new Table({ structs, lists }))).toEqual([
    "structs                            lists",
    '{"n":9007199254740993,"text":"1"}  [1,null]',
    "null                               [-2]",
    "",
  ]);
});

test("cuts cells to a terminal's width between characters, and escapes controls only there", async () => {
  const table = tableFromArrays({ text: ["東京東京東京", "a\u001b[31m\nb"] });
  expect(await show(table, 8)).toEqual(["text", "東京東…", "a\\u001b…", ""]);
  expect(await show(table)).toEqual(["text", "東京東京東京", "a\u001b[31m b", ""]);
});

test("says how many columns a line has no room for", async () => {
  const wide = tableFromArrays(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`column${i}`, ["x"]])));
  const hidden: number[] = [];
  const place = { lineWidth: 40, onHidden: (columnCount: number) => void hidden.push(columnCount) };
  const [header] = (await Array.fromAsync(toTableText(toFrames(wide), place))).join("").split("\n");
  expect(header).toBe("column0  column1  column2  column3");
  expect(hidden).toEqual([36]);
});

test("measures the first rows of many, and shows every row", async () => {
  const many = tableFromArrays({ n: Int32Array.from({ length: 1001 }, (_, index) => index) });
  const lines = await show(many);
  expect(lines).toHaveLength(1003);
  expect([lines[1], lines[10], lines[1001]]).toEqual(["  0", "  9", "1000"]);
});

test("continues the row of a long name below it, whole and in its columns", () => {
  const columns = [
    { name: "name", isNumber: false, flows: true },
    { name: "rows", isNumber: true },
  ];
  const long = `folder/${"x".repeat(2000)}`;
  const rows = [
    ["short", "1"],
    [long, "1234"],
  ];
  const lines = ["name                  rows", "short                    1", long, `${" ".repeat(22)}1234`, ""];
  expect(formatTable(columns, rows, { lineWidth: 26 }).split("\n")).toEqual(lines);
  expect(formatTable(columns, rows).split("\n")[2]).toBe(`${long}  1234`);
});
