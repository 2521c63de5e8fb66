import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { planRuns } from "../../../web/src/api/plan-runs.ts";
import { barCondition, valueCondition } from "../../../web/src/columns/conditions.ts";
import { binsOf, type Measure } from "../../../web/src/columns/bins.ts";
import { Histogram } from "../../../web/src/columns/histogram.ts";
import type { ColumnSummary } from "../../../web/src/columns/summary.ts";
import { formatDeviation, formatFloatNear, formatRatio } from "../../../web/src/columns/format-near.ts";
import { Moments } from "../../../web/src/columns/moments.ts";
import { cutText } from "../../../web/src/columns/text-summariser.ts";
import { ValueCounts, type CountLimits } from "../../../web/src/columns/value-counts.ts";
import { hashText } from "../../../web/src/columns/value-hash.ts";
import { ValueSample } from "../../../web/src/columns/value-sample.ts";
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

describe("counted values", () => {
  const countAll = (values: readonly string[], limits: CountLimits): ValueCounts => {
    const counts = new ValueCounts(limits);
    for (const text of values) counts.add(hashText(text), (charsMax) => cutText(text, charsMax));
    return counts;
  };

  test("are those that are met first, each of them exactly; how many there are in all is estimated", () => {
    const counts = countAll(["a", "b", "c", "b", "a", "c", "b", "c"], {
      countedMax: 2,
      bytesMax: 1000,
      distinct: { ofColumnMax: 2, left: 2 },
    });
    expect(counts.top(5)).toEqual([
      { text: "b", isCut: false, rowCount: 3 },
      { text: "a", isCut: false, rowCount: 2 },
    ]);
    expect([counts.distinct, counts.hasMore]).toEqual([{ count: 3, isExact: false }, true]);
  });

  test("are told apart by all of them, and kept in part, no character in halves", () => {
    const beginning = "x".repeat(79);
    const counts = countAll(
      ["🛩a", "🛩b", "", "🛩a"].map((end) => beginning + end),
      { countedMax: 10, bytesMax: 1, distinct: { ofColumnMax: 10, left: 10 } },
    );
    expect(counts.top(5)).toEqual([
      { text: `${beginning}🛩a`, isCut: false, rowCount: 2 },
      { text: beginning, isCut: true, rowCount: 1 },
      { text: beginning, isCut: false, rowCount: 1 },
    ]);
    expect(counts.distinct).toEqual({ count: 3, isExact: true });
  });
});

describe("statistics", () => {
  test("of parts are those of all", () => {
    const values = [...numbers(10_001, (fraction) => 1e9 + fraction)] as number[];
    const moments = new Moments();
    const parts = [values.slice(0, 1), values.slice(1, 7000), [], values.slice(7000)];
    for (const part of parts) moments.add(part, part.length);
    const mean = values.reduce((sum, each) => sum + (each - 1e9), 0) / values.length;
    const squares = values.reduce((sum, each) => sum + (each - 1e9 - mean) ** 2, 0);
    expect(moments.mean! - 1e9).toBeCloseTo(mean, 5);
    expect(moments.deviation).toBeCloseTo(Math.sqrt(squares / (values.length - 1)), 6);
    expect(new Moments().mean).toBeUndefined();
  });

  test("have quantiles that are exact of few numbers, and near of many", () => {
    const valuesOf = (sample: ValueSample): number[] =>
      sample
        .quantiles()
        .map(({ low, high, hundredths }) => Number(low) + (Number(high) - Number(low)) * (hundredths / 100));
    const few = new ValueSample(100);
    few.add([4, 1, 3, 2], 4);
    expect([few.isWhole, valuesOf(few).map((value) => value.toFixed(2))]).toEqual([
      true,
      ["1.15", "1.75", "2.50", "3.25", "3.85"],
    ]);
    few.add([2n ** 64n, -(2n ** 64n)], 2);
    expect([few.quantiles()[0]!.low, few.quantiles().at(-1)!.high]).toEqual([-(2n ** 64n), 2n ** 64n]);
    const many = new ValueSample(4096);
    const values = [...numbers(500_000, (fraction) => fraction)] as number[];
    for (let i = 0; i < values.length; i += 1000) many.add(values.slice(i, i + 1000), 1000);
    expect(many.isWhole).toBe(false);
    for (const [i, value] of valuesOf(many).entries()) {
      expect(Math.abs(value - [0.05, 0.25, 0.5, 0.75, 0.95][i]!)).toBeLessThan(0.03);
    }
  });

  const fieldOf = (type: DataType): Field => ({ name: "a", nullable: true, type, children: [], metadata: new Map() });

  test.each<[DataType, bigint, bigint, string]>([
    [decimal, 12_345n, 1n, "123.45"],
    [decimal, 123_456_789_012_350n, 1n, "1234567890123.5"],
    [int8, 5n, 2n, "2.5"],
    [int8, 1n, 3n, "0.333333333"],
    [int64, 18_014_398_512_479_999n, 2n, "9007199256240000"],
    [uint64, 2n ** 64n - 1n, 1n, "18446744073709551615"],
    [days, 14n, 10n, "1970-01-02"],
    [seconds, -181n, 2n, "-PT91S"],
    [nanoseconds, 1_700_000_000_000_000_257n, 1n, "2023-11-14T22:13:20.000000257"],
  ])("of %j are written exactly", (type, numerator, denominator, text) => {
    expect(formatRatio(fieldOf(type), { numerator, denominator })).toBe(text);
  });

  test.each<[DataType, number, number, number, number, string]>([
    [single, Math.fround(0.1), 0, 1, 0.1, "0.1"],
    [double, 1 / 3, 0, 1, 0.1, "0.333333333"],
    [double, 1_000_000_000.25, 1e9, 1e9 + 1, 0.2, "1000000000.25"],
    [double, 0.1 + 0.2, 0.3, 0.3, 0, "0.3"],
    [single, 1 / 3, 0, 1, 0.1, "0.3333333"],
  ])("of floats (%j: %d) have as many digits as tell them apart", (type, value, min, max, deviation, text) => {
    expect(formatFloatNear(fieldOf(type), value, { min, max, deviation })).toBe(text);
  });

  test.each<[DataType, number, string]>([
    [single, Math.fround(0.1), "0.1"],
    [decimal, 12_345, "123.45"],
    [days, 1.4, "1.4 d"],
    [seconds, 90, "1.5 min"],
  ])("have the deviation of %j in a unit that is read easily", (type, value, deviation) => {
    expect(formatDeviation(fieldOf(type), value)).toBe(deviation);
  });
});

describe("a sample of rows", () => {
  test("lies at random in equal parts of a dataset, and has as many rows as asked for", () => {
    const runs = planRuns(4_000_000, 100_003, 16);
    expect(runs.length).toBe(16);
    expect(runs.reduce((sum, { limit }) => sum + limit, 0)).toBe(100_003);
    for (const [i, { offset, limit }] of runs.entries()) {
      expect(offset).toBeGreaterThanOrEqual(i * 250_000);
      expect(offset + limit).toBeLessThanOrEqual((i + 1) * 250_000);
    }
    expect(new Set(runs.map(({ offset }) => offset % 250_000)).size).toBe(16);
    expect(planRuns(4_000_000, 100_003, 16)).toEqual(runs);
    expect(planRuns(10, 10)).toEqual([{ offset: 0, limit: 10 }]);
    expect(planRuns(50, 49, 40).reduce((sum, { limit }) => sum + limit, 0)).toBe(49);
  });
});

describe("a bar", () => {
  const field = (type: DataType): Field => ({ name: "a b", nullable: true, type, children: [], metadata: new Map() });
  const summary = (froms: string[], min: string, max: string, isEach = false): ColumnSummary => ({
    rowCount: 9,
    nullCount: 0,
    min: { text: min, isCut: false },
    max: { text: max, isCut: false },
    distinct: undefined,
    distribution: {
      kind: "histogram",
      bars: froms.map((from) => ({ from, rowCount: 3 })),
      isEach,
      outside: { nan: 0, infinity: 0, minusInfinity: 0 },
      statistics: undefined,
    },
  });

  test.each<[ColumnSummary, string[]]>([
    [summary(["3", "4"], "3", "4", true), ['"a b" = 3', '"a b" = 4']],
    [
      summary(["0", "10", "20"], "3", "27.5"),
      ['"a b" >= 3 and "a b" < 10', '"a b" >= 10 and "a b" < 20', '"a b" >= 20 and "a b" <= 27.5'],
    ],
  ])("filters by what it stands for", (of, expected) => {
    expect(expected.map((_, i) => barCondition(field(double), of, i))).toEqual(expected);
  });

  test("of texts filters by the whole, where that is known", () => {
    const utf8 = field({ kind: "utf8" });
    expect(valueCondition(utf8, { text: "it's", isCut: false, rowCount: 1 })).toBe(`"a b" = 'it''s'`);
    expect(valueCondition(utf8, { text: "long", isCut: true, rowCount: 1 })).toBeUndefined();
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
