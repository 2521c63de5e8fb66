import { describe, expect, test } from "vitest";
import type { DataType } from "../../../src/arrow/index.ts";
import { explainValue, indentJson } from "../../../web/src/dataset/explain-value.ts";
import { parseExact } from "../../../web/src/dataset/parse-exact.ts";
import { moveColumn, shownColumns } from "../../../web/src/selection/shown-columns.ts";
import { orderRows, planNeighbours, type SortKey } from "../../../web/src/table/order-rows.ts";
import { cellCharsMax, RowCache } from "../../../web/src/table/row-cache.ts";
import type { RowSource } from "../../../web/src/table/row-source.ts";
import { toSortKey } from "../../../web/src/table/sort-key.ts";
import {
  formatFormat,
  parseFormat,
  plainFormat,
  showDuration,
  showInZone,
  showNumber,
  trimDuration,
} from "../../../web/src/table/value-format.ts";
import { boundsOf, extendByKey, hasCell, selectRows, toClipboardText } from "../../../web/src/table/selection.ts";

describe("RowCache", () => {
  const rowCount = 1000;
  const source: RowSource = {
    rowCount,
    async *read({ rowStart, rowEnd }, columns) {
      const cells = new Map(columns.map((column) => [column, (i: number) => `${column}${rowStart + i}`]));
      yield { rowStart, rowCount: rowEnd - rowStart, cells };
    },
  };
  const show = (_: string, text: string): string => text;
  const read = async (cache: RowCache, rowStart: number, rowEnd: number, columns: string[]): Promise<void> => {
    const plan = cache.plan({ rowStart, rowEnd }, columns);
    if (plan) await cache.read(plan, { signal: new AbortController().signal }, () => {});
  };

  test("plans blocks around what is asked for, to the last row and not beyond", () => {
    const cache = new RowCache(source, show);
    expect(cache.plan({ rowStart: 130, rowEnd: 140 }, ["a"])).toEqual({ columns: ["a"], rowStart: 128, rowEnd: 256 });
    expect(cache.plan({ rowStart: 990, rowEnd: 1000 }, ["a"])).toEqual({ columns: ["a"], rowStart: 896, rowEnd: 1000 });
  });

  test("asks for what is missing only, and no longer when it is here", async () => {
    const cache = new RowCache(source, show);
    await read(cache, 0, 100, ["a", "b"]);
    expect(cache.get(99, "b")).toBe("b99");
    expect(cache.get(128, "b")).toBeUndefined();
    expect(cache.plan({ rowStart: 0, rowEnd: 128 }, ["b", "a"])).toBeUndefined();
    expect(cache.plan({ rowStart: 0, rowEnd: 128 }, ["a", "c"])).toMatchObject({ columns: ["c"] });
    expect(cache.plan({ rowStart: 100, rowEnd: 200 }, ["a"])).toMatchObject({ rowStart: 128, rowEnd: 256 });
    await read(cache, 999, 1000, ["a"]);
    expect(cache.plan({ rowStart: 999, rowEnd: 1000 }, ["a"])).toBeUndefined();
  });

  test("forgets what was looked at longest ago", async () => {
    const cache = new RowCache({ ...source, rowCount: 1_000_000 }, show);
    await read(cache, 0, 128, ["a"]);
    for (let row = 128; row < 400 * 128; row += 128) await read(cache, row, row + 128, ["a"]);
    expect(cache.get(0, "a")).toBeUndefined();
    expect(cache.get(399 * 128, "a")).toBe(`a${399 * 128}`);
  });

  test("keeps the beginning of a long text", async () => {
    const long: RowSource = {
      rowCount: 1,
      async *read() {
        yield { rowStart: 0, rowCount: 1, cells: new Map([["a", () => "x".repeat(1e6)]]) };
      },
    };
    const cache = new RowCache(long, show);
    await read(cache, 0, 1, ["a"]);
    expect(cache.get(0, "a")).toHaveLength(cellCharsMax + 1);
  });
});

test("sorted rows that lie next to each other are read together, one way or the other", () => {
  const runsOf = (...rows: number[]): unknown =>
    planNeighbours(Uint32Array.from(rows), 3).map((run) => [run.start, run.end]);
  expect(runsOf(9, 8, 7, 6, 2, 3, 8)).toEqual([
    [0, 3],
    [3, 4],
    [4, 6],
    [6, 7],
  ]);
  expect(runsOf(5)).toEqual([[0, 1]]);
  expect(runsOf()).toEqual([]);
});

describe("values as they are shown", () => {
  const float = { kind: "float", bitWidth: 64 } as const;
  test.each([
    ["1234567.891", { isGrouped: true, decimals: undefined }, "1,234,567.891"],
    ["-1234.565", { isGrouped: true, decimals: 2 }, "-1,234.57"],
    ["999.999", { isGrouped: false, decimals: 2 }, "1000.00"],
    ["-0.004", { isGrouped: false, decimals: 2 }, "0.00"],
    ["0.5", { isGrouped: false, decimals: 0 }, "1"],
    ["1e+300", { isGrouped: true, decimals: 1 }, "1e+300"],
    ["NaN", { isGrouped: true, decimals: 1 }, "NaN"],
    ["12345678901234567890.5", { isGrouped: true, decimals: 0 }, "12,345,678,901,234,567,891"],
  ])("the number %s with %o is %s", (text, format, shown) => {
    expect(showNumber(float, text, { ...plainFormat, ...format })).toBe(shown);
  });

  test.each([
    ["PT86400.000000000S", "1 d", "PT86400S"],
    ["-PT90061.500S", "-1 d 1 h 1 min 1.5 s", "-PT90061.5S"],
    ["PT0.000S", "0 s", "PT0S"],
    ["PT60S", "1 min", "PT60S"],
    ["PT0.001S", "0.001 s", "PT0.001S"],
  ])("the duration %s is %s, and copied as %s", (text, shown, copied) => {
    expect(showDuration(text)).toBe(shown);
    expect(trimDuration(text)).toBe(copied);
  });

  test("a timestamp is in a zone, with its offset and all its digits", () => {
    expect(showInZone("2026-07-01T12:00:00.123456Z", "Europe/Warsaw")).toBe("2026-07-01 14:00:00.123456+02:00");
    expect(showInZone("2026-01-01T00:30:00Z", "America/New_York")).toBe("2025-12-31 19:30:00-05:00");
    expect(showInZone("2026-01-01T00:30:00Z", "UTC")).toBe("2026-01-01 00:30:00+00:00");
    expect(showInZone("+010000-01-01T00:00:00Z", "UTC")).toBe("+010000-01-01 00:00:00Z");
    expect(showInZone("2026-01-01T00:30:00Z", "Mars/Base")).toBe("2026-01-01 00:30:00Z");
  });

  test.each([undefined, "grouped", "2", "grouped,0,local", "column"])(
    "the format %s stays the same in a URL",
    (text) => {
      expect(formatFormat(parseFormat(text))).toBe(text);
    },
  );
});

describe("a selection of cells", () => {
  const size = { rowCount: 100, columnCount: 3 };
  const selection = { anchor: { row: 5, column: 2 }, focus: { row: 3, column: 1 } };

  test("has the cells between its corners", () => {
    const bounds = boundsOf(selection);
    expect(bounds).toEqual({ rowStart: 3, rowEnd: 6, columnStart: 1, columnEnd: 3 });
    expect(hasCell(bounds, { row: 5, column: 2 })).toBe(true);
    expect(hasCell(bounds, { row: 5, column: 0 })).toBe(false);
    expect(boundsOf(selectRows(9, 7, size))).toEqual({ rowStart: 7, rowEnd: 10, columnStart: 0, columnEnd: 3 });
  });

  test("grows by keys, to the edges of the table", () => {
    expect(extendByKey(selection, "ArrowUp", { size, isToEdge: false })?.focus).toEqual({ row: 2, column: 1 });
    expect(extendByKey(selection, "PageUp", { size, isToEdge: false })?.focus).toEqual({ row: 0, column: 1 });
    expect(extendByKey(selection, "ArrowRight", { size, isToEdge: false })?.focus).toEqual({ row: 3, column: 2 });
    expect(extendByKey(selection, "a", { size, isToEdge: false })).toBeUndefined();
  });

  test("grows to an edge by keys with Ctrl", () => {
    expect(extendByKey(selection, "ArrowDown", { size, isToEdge: true })?.focus).toEqual({ row: 99, column: 1 });
    expect(extendByKey(selection, "ArrowLeft", { size, isToEdge: true })?.focus).toEqual({ row: 3, column: 0 });
  });

  test("is text that spreadsheets take, where an empty string is no null", () => {
    expect(
      toClipboardText([
        ["a", null],
        ["", null],
        ["b\tc", 'd "e"'],
      ]),
    ).toBe('a\t\n""\t\n"b\tc"\t"d ""e"""');
  });
});

describe("orderRows", () => {
  test.each<[string, SortKey[], boolean, number[]]>([
    ["numbers", [3, 1, 2], false, [1, 2, 0]],
    ["equal ones as they came", [1, 0, 1, 0], true, [0, 2, 1, 3]],
    ["nulls last, NaN before them", [null, NaN, 1, 2], false, [2, 3, 1, 0]],
    ["nulls last downwards too", [null, NaN, 1, 2], true, [3, 2, 1, 0]],
    ["64-bit integers", [2n ** 53n + 1n, 2n ** 53n], false, [1, 0]],
    ["texts", ["b", "", "a"], false, [1, 2, 0]],
  ])("orders %s", (_, keys, isDescending, rows) => {
    expect([...orderRows(keys, isDescending)]).toEqual(rows);
  });
});

describe("columns", () => {
  const fields = ["a", "b", "c"].map((name) => ({
    name,
    nullable: true,
    type: { kind: "bool" } as const,
    children: [],
    metadata: new Map(),
  }));
  const names = (columns: string[] | undefined): string[] => shownColumns(fields, columns).map(({ name }) => name);

  test("are shown as told, and all where nothing that there is was told", () => {
    expect(names(["c", "x", "a"])).toEqual(["c", "a"]);
    expect(names(["x"])).toEqual(["a", "b", "c"]);
    expect(names(undefined)).toEqual(["a", "b", "c"]);
  });

  test("move by one place, within their bounds", () => {
    expect(moveColumn(["a", "b", "c"], "b", 1)).toEqual(["a", "c", "b"]);
    expect(moveColumn(["a", "b", "c"], "a", -1)).toEqual(["a", "b", "c"]);
  });
});

test.each([
  ["[1,-2.5,1e+300,null,true]", [1, -2.5, 1e300, null, true]],
  ["[9007199254740993,-9007199254740993]", ["9007199254740993", "-9007199254740993"]],
  ["[1.50,-0.0]", ["1.50", "-0.0"]],
  ['{"1.50":"1.50","a\\"":"\\\\","b":{"c":12.30}}', { "1.50": "1.50", 'a"': "\\", b: { c: "12.30" } }],
  ['["NaN",""]', ["NaN", ""]],
])("%s is read with all digits", (json, value) => {
  expect(parseExact(json)).toEqual(value);
});

describe("a value at length", () => {
  test("has nested values line by line, with their numbers as they were", () => {
    const json = '[{"key":"a, {b}","value":12345678901234567890},[],{}]';
    expect(indentJson(json)).toBe(
      '[\n  {\n    "key": "a, {b}",\n    "value": 12345678901234567890\n  },\n  [],\n  {}\n]',
    );
    expect(JSON.stringify(JSON.parse(indentJson('{"a":"\\"[","b":[1]}')))).toBe('{"a":"\\"[","b":[1]}');
    expect(indentJson("12")).toBe("12");
  });

  test("has as much of a long value as is wanted, and looks at no more of it", () => {
    const json = JSON.stringify(Array.from({ length: 1000 }, (_, i) => ({ i, text: `${i}, "x"` })));
    expect(indentJson(json)).toBe(JSON.stringify(JSON.parse(json), undefined, 2));
    expect(indentJson(json, 100)).toBe(JSON.stringify(JSON.parse(json), undefined, 2).slice(0, 100));
  });

  test("has all bytes of a binary, and says how many they are", () => {
    const bytes = Buffer.alloc(2000, "x");
    expect(explainValue({ kind: "binary" }, bytes.toString("base64"))).toEqual({
      text: `0x${"78".repeat(2000)}`,
      note: "2,000 bytes",
    });
  });

  test("says what a time is in its zone", () => {
    const type = { kind: "timestamp", unit: "ms", timezone: "Europe/Warsaw" } as const;
    expect(explainValue(type, "2025-11-22T00:06:40.000Z").note).toBe("2025-11-22 01:06:40 in Europe/Warsaw");
    expect(explainValue({ ...type, timezone: "No/Where" }, "2025-11-22T00:06:40.000Z").note).toContain("not known");
  });
});

describe("what values are compared by", () => {
  test.each<[string, DataType, string[]]>([
    ["integers", { kind: "int", bitWidth: 64, signed: true }, ["-10", "9", "10", "100", "9007199254740993"]],
    ["floats", { kind: "float", bitWidth: 64 }, ["-Infinity", "-2", "1e-7", "0.5", "10", "1e+300"]],
    [
      "decimals",
      { kind: "decimal", precision: 5, scale: 2, bitWidth: 128 },
      ["-10.00", "-0.05", "0.50", "9.00", "12.00"],
    ],
    ["durations", { kind: "duration", unit: "ms" }, ["-PT1.500S", "PT0.001S", "PT2.000S", "PT10.000S"]],
    ["texts", { kind: "utf8" }, ["", "10", "9", "\uFFFD", "\u{1F600}"]],
    ["binaries", { kind: "binary" }, [[1], [1, 0], [2], [255]].map((bytes) => Buffer.from(bytes).toString("base64"))],
  ])("orders %s by their value", (_, type, texts) => {
    const keys = texts.map((text) => toSortKey(type, text));
    expect([...orderRows(keys, false)]).toEqual(texts.map((_, i) => i));
    expect([...orderRows(keys.toReversed(), false)]).toEqual(texts.map((_, i) => texts.length - 1 - i));
  });
});
