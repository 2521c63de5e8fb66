import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { barCondition, valueCondition } from "../../../web/src/columns/conditions.ts";
import { binsOf, type Measure } from "../../../web/src/columns/bins.ts";
import { Histogram } from "../../../web/src/columns/histogram.ts";
import type { ColumnSummary } from "../../../web/src/columns/summarise.ts";
import { ValueCounts } from "../../../web/src/columns/value-counts.ts";
import { showBound } from "../../../web/src/table/show-cells.ts";

const double = { kind: "float", bitWidth: 64 } as const;
const single = { kind: "float", bitWidth: 32 } as const;
const int8 = { kind: "int", bitWidth: 8, signed: true } as const;
const int64 = { kind: "int", bitWidth: 64, signed: true } as const;
const uint64 = { kind: "int", bitWidth: 64, signed: false } as const;
const decimal = { kind: "decimal", bitWidth: 128, precision: 38, scale: 2 } as const;
const nanoseconds = { kind: "timestamp", unit: "ns", timezone: "" } as const;
const seconds = { kind: "duration", unit: "s" } as const;
const days = { kind: "date", unit: "day" } as const;

function count(type: DataType, values: Iterable<Measure>): Histogram {
  const histogram = new Histogram(binsOf(type)!);
  for (const value of values) histogram.add(value);
  return histogram;
}

/** Numbers that look random and are the same every time. */
function* numbers(howMany: number, of: (fraction: number) => Measure): Generator<Measure> {
  let state = 12_345;
  for (let i = 0; i < howMany; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield of(state / 2 ** 31);
  }
}

describe("a histogram", () => {
  test.each<[string, DataType, (fraction: number) => Measure]>([
    ["doubles", double, (fraction) => fraction * 100 - 30],
    ["doubles with few digits", double, (fraction) => Math.round(fraction * 1000) / 1000],
    ["tiny doubles", double, (fraction) => fraction * 1e-200],
    ["doubles of every size", double, (fraction) => 10 ** (fraction * 600 - 300)],
    ["doubles around zero", double, (fraction) => (fraction < 0.5 ? 0 : fraction - 0.75)],
    ["floats", single, (fraction) => Math.fround(Math.round(fraction * 10) / 10)],
    ["bytes", int8, (fraction) => Math.floor(fraction * 256) - 128],
    ["few whole numbers", int8, (fraction) => Math.floor(fraction * 7)],
    ["large whole numbers that are close", int64, (fraction) => 2n ** 62n + BigInt(Math.floor(fraction * 1e6))],
    ["whole numbers of 64 bits", uint64, (fraction) => BigInt(Math.floor(fraction * 2 ** 53)) << 11n],
    ["decimals", decimal, (fraction) => BigInt(Math.floor(fraction * 1e6)) * 10n ** 30n - 10n ** 35n],
    ["timestamps", nanoseconds, (fraction) => 1_700_000_000_000_000_000n + BigInt(Math.floor(fraction * 1e15))],
    ["timestamps within a microsecond", nanoseconds, (fraction) => -BigInt(Math.floor(fraction * 1000))],
    ["durations of years", seconds, (fraction) => BigInt(Math.floor(fraction * 1e9)) - 500_000_000n],
    ["dates", days, (fraction) => Math.floor(fraction * 40_000) - 20_000],
  ])("counts %s exactly where the edges say, in few bars of one width", (_, type, of) => {
    const values = [...numbers(20_000, of)];
    const { bars, isEach } = count(type, values).bars();
    expect(bars.length).toBeLessThanOrEqual(30);
    const isSpread = new Set(values).size > 30;
    if (isSpread && !_.startsWith("doubles of every")) expect(bars.length).toBeGreaterThanOrEqual(6);
    if (isEach) expect(new Set(values).size).toBeLessThanOrEqual(bars.length);
    // Of floats the server compares floats.
    const edges = bars.map(({ from }) => (type === single ? Math.fround(Number(from)) : from));
    const expected = edges.map((from, i) => {
      const to = edges[i + 1];
      return values.filter((value) => value >= from && (to === undefined || value < to)).length;
    });
    expect(bars.map(({ rowCount }) => rowCount)).toEqual(expected);
    expect(expected.reduce((sum, each) => sum + each, 0)).toBe(values.length);
  });

  test("has round edges", () => {
    const edges = (type: DataType, values: Measure[]): Measure[] =>
      count(type, values)
        .bars()
        .bars.map(({ from }) => from);
    expect(edges(double, [0, 0.3, 1])).toEqual(Array.from({ length: 21 }, (__, i) => i * 5).map((each) => each / 100));
    expect(edges(int8, [-1, 1])).toEqual([-1, 0, 1]);
    expect(edges(seconds, [0n, 100n * 86_400n]).at(1)).toBe(5n * 86_400n);
    expect(edges(seconds, [30n, 3_000n])).toEqual(Array.from({ length: 26 }, (__, i) => BigInt(i) * 120n));
    expect(edges(days, [5])).toEqual([5]);
    expect(edges(double, [])).toEqual([]);
  });

  test("takes an outlier, however far, after millions as before them", () => {
    const values = [...numbers(10_000, (fraction) => fraction)];
    for (const each of [
      [1e300, ...values],
      [...values, 1e300],
    ]) {
      const { bars } = count(double, each).bars();
      expect([bars[0]!.rowCount, bars.at(-1)!.rowCount, bars.length]).toEqual([10_000, 1, 21]);
    }
  });
});

describe("counted texts", () => {
  test("are those that are met first, each of them exactly", () => {
    const counts = new ValueCounts(2);
    for (const text of ["a", "b", "c", "b", "a", "c", "b", "c"]) counts.add(text);
    expect(counts.top(5)).toEqual([
      { text: "b", isCut: false, rowCount: 3 },
      { text: "a", isCut: false, rowCount: 2 },
    ]);
    expect([counts.distinctCount, counts.hasMore]).toEqual([2, true]);
  });

  test("are told apart by their beginning, no character in halves", () => {
    const counts = new ValueCounts(10);
    const beginning = "x".repeat(79);
    for (const end of ["🛩a", "🛩b", ""]) counts.add(beginning + end);
    expect(counts.top(5)).toEqual([{ text: beginning, isCut: true, rowCount: 3 }]);
  });
});

describe("a bar", () => {
  const field = (type: DataType): Field => ({ name: "a b", nullable: true, type, children: [], metadata: new Map() });
  const summary = (froms: string[], min: string, max: string, isEach = false): ColumnSummary => ({
    rowCount: 9,
    nullCount: 0,
    min,
    max,
    distribution: { kind: "histogram", bars: froms.map((from) => ({ from, rowCount: 3 })), isEach, outsideCount: 0 },
  });

  test.each<[ColumnSummary, string[]]>([
    [summary(["3", "4"], "3", "4", true), ['"a b" = 3', '"a b" = 4']],
    [
      summary(["0", "10", "20"], "3", "27.5"),
      ['"a b" >= 3 and "a b" < 10', '"a b" >= 10 and "a b" < 20', '"a b" >= 20 and "a b" <= 27.5'],
    ],
    [
      summary(["0", "1e+30"], "-Infinity", "Infinity"),
      [`"a b" > '-Infinity' and "a b" < '1e+30'`, `"a b" >= '1e+30' and "a b" < 'Infinity'`],
    ],
  ])("filters by what it stands for", (of, expected) => {
    expect(expected.map((_, i) => barCondition(field(double), of, i))).toEqual(expected);
  });

  test("of texts filters by the whole, or by how they begin", () => {
    const utf8 = field({ kind: "utf8" });
    expect(valueCondition(utf8, { text: "it's", isCut: false, rowCount: 1 })).toBe(`"a b" = 'it''s'`);
    expect(valueCondition(utf8, { text: "long", isCut: true, rowCount: 1 })).toBe(`"a b" starts with 'long'`);
    expect(valueCondition(field({ kind: "binary" }), { text: "AAAA", isCut: true, rowCount: 1 })).toBeUndefined();
    expect(valueCondition(field({ kind: "binary" }), { text: "AP8Q", isCut: false, rowCount: 1 })).toBe(
      `"a b" = '0x00ff10'`,
    );
    expect(valueCondition(field({ kind: "bool" }), { text: "true", isCut: false, rowCount: 1 })).toBe('"a b" = true');
  });
});

describe("a bound is shown", () => {
  test.each<[DataType, string, string]>([
    [double, "-0.0", "0"],
    [double, "-0.5", "-0.5"],
    [{ kind: "binary" }, "AP8Q", "0x00ff10"],
    [{ kind: "binary" }, "eHh4".repeat(20), `0x${"78".repeat(24)}…`],
    [nanoseconds, "2026-11-27T04:32:51.000000000", "2026-11-27 04:32:51"],
    [nanoseconds, "2026-11-27T04:32:51.000000001", "2026-11-27 04:32:51.000000001"],
    [seconds, "-PT15S", "-15 s"],
    [{ kind: "utf8" }, "1.0", "1.0"],
  ])("%j %s as %s", (type, text, expected) => {
    expect(showBound(type, text)).toBe(expected);
  });
});
