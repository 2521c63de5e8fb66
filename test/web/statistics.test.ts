import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatScalar } from "../../src/rows/index.ts";
import type { Statistics } from "../../web/src/columns/summary.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { fixturesMs, runPython } from "./app.ts";
import { summariseColumns, type SummarisedColumn } from "./summarise-columns.ts";

/** Values that floats do not hold, or few digits do not tell apart, and their mean and quantiles as exact fractions. */
const program = `
import json, numpy as np, decimal
from fractions import Fraction
n = 5001
row = np.arange(n)
random = np.random.default_rng(4)
scattered = random.permutation(row)
cents = [decimal.Decimal(int(each)) / 100 for each in random.integers(-90_000, 900_000_000_000, n)]
columns = {
    "id": pa.array(9007199254740000 + scattered),
    "near": pa.array(2**60 + scattered % 7),
    "same": pa.array(np.full(n, 2**62 + 1)),
    "uint64": pa.array(random.integers(2**62, 2**64 - 1, n, dtype="uint64")),
    "int8": pa.array(scattered % 11 - 5, pa.int8()),
    "wide": pa.array([decimal.Decimal(10**30 + int(each)) for each in scattered], pa.decimal128(38, 0)),
    "cents": pa.array(cents, pa.decimal128(14, 2)),
    "ns": pa.array(1_700_000_000_000_000_000 + scattered % 1000, pa.timestamp("ns")),
    "us": pa.array(1_700_000_000_000_000 + scattered, pa.timestamp("us", "America/New_York")),
    "duration": pa.array(10**15 + scattered, pa.duration("us")),
    "time": pa.array(scattered, pa.time64("ns")),
    "date": pa.array((scattered % 100).astype("int32"), pa.date32()),
    "double": pa.array(1e9 + scattered / n),
    "close": pa.array(1 + scattered * 2.0**-52),
    "tenths": pa.array(np.full(n, 0.1)),
    "single": pa.array((16_777_216 - scattered).astype("float32")),
    "half": pa.array((1000 + scattered % 7 / 2).astype("float16")),
}
pq.write_table(pa.table(columns), "hard.parquet", row_group_size=1000)
def whole(column):
    kind = column.type
    if pa.types.is_floating(kind):
        return [Fraction(float(each)) for each in column.to_numpy()]
    if pa.types.is_decimal(kind):
        return [Fraction(each) * 10**kind.scale for each in column.to_pylist()]
    if not pa.types.is_integer(kind):
        column = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64())
    return [Fraction(each) for each in column.to_pylist()]
def quantile(ordered, percent):
    place = Fraction(percent, 100) * (n - 1)
    below = int(place)
    return ordered[below] + (ordered[min(below + 1, n - 1)] - ordered[below]) * (place - below)
truth = {}
for name, column in columns.items():
    ordered = sorted(whole(column))
    mean = sum(ordered) / n
    variance = sum((each - mean) ** 2 for each in ordered) / (n - 1)
    means = [mean] + [quantile(ordered, percent) for percent in (5, 25, 50, 75, 95)]
    truth[name] = {
        "values": [float(each) for each in means], "deviation": float(variance) ** 0.5,
        "min": float(ordered[0]), "max": float(ordered[-1]),
        "rounded": [str(int(abs(each) + Fraction(1, 2)) * (1 if each >= 0 else -1)) for each in means],
    }
json.dump(truth, open(".hard.json", "w"))
`;

interface Truth {
  /** The mean, and the quantiles for 5, 25, 50, 75 and 95 %; of decimals and times their integers. */
  readonly values: readonly number[];
  /** The same as the nearest integers. */
  readonly rounded: readonly string[];
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

const limits = { countedMax: 1, distinct: { ofColumnMax: 1, left: 100 }, bytesMax: 1, sampleMax: 16_384 };

let server: TestServer;
let truth: Readonly<Record<string, Truth>>;
let columns: ReadonlyMap<string, SummarisedColumn>;
beforeAll(async () => {
  server = await startHangar();
  await runPython({ server }, program);
  truth = JSON.parse(await readFile(join(server.repo, ".hard.json"), "utf8")) as typeof truth;
  columns = await summariseColumns(server, "hard.parquet", limits);
}, fixturesMs);
afterAll(() => server[Symbol.asyncDispose]());

function statisticsOf(name: string): Statistics {
  const { distribution } = columns.get(name)!.summariser.summary();
  if (distribution.kind !== "histogram" || !distribution.statistics) throw new Error(`${name} has no statistics`);
  return distribution.statistics;
}

/** The mean and the quantiles as they are written. */
function textsOf(name: string): string[] {
  const { mean, quantiles } = statisticsOf(name);
  return [mean!, ...quantiles.map(({ text }) => text)];
}

describe("the mean and quantiles", () => {
  test.each(["id", "near", "same", "uint64", "wide", "cents", "ns", "us", "duration", "time", "date"])(
    "of %s, whose values are whole numbers, are exact to one of them",
    (name) => {
      const { field } = columns.get(name)!;
      const write = formatScalar(field);
      const isNarrow = field.type.kind === "date";
      const expected = truth[name]!.rounded.map((each) => write(isNarrow ? Number(each) : BigInt(each)));
      expect(textsOf(name)).toEqual(expected.map((each) => (name === "cents" ? each.replace(/\.?0+$/, "") : each)));
    },
  );

  test.each(["double", "close", "tenths", "single", "half", "int8"])(
    "of %s are close to those of exact fractions, and between the least and the greatest value",
    (name) => {
      const { values, deviation, min, max } = truth[name]!;
      for (const [i, text] of textsOf(name).entries()) {
        expect(Number(text)).toBeGreaterThanOrEqual(min);
        expect(Number(text)).toBeLessThanOrEqual(max);
        expect(Math.abs(Number(text) - values[i]!)).toBeLessThanOrEqual(1e-3 * deviation + 1e-16);
      }
    },
  );

  test("of few digits have few digits", () => {
    expect(textsOf("tenths")).toEqual(Array.from({ length: 6 }, () => "0.1"));
    expect(textsOf("int8").every((text) => text.length <= 15)).toBe(true);
  });

  test("come with the deviation of large integers that differ little", () => {
    for (const name of ["id", "near", "same", "uint64", "wide"]) {
      const deviation = Number(statisticsOf(name).deviation);
      expect([name, Math.abs(deviation - truth[name]!.deviation) <= 1e-8 * truth[name]!.deviation]).toEqual([
        name,
        true,
      ]);
    }
  });
});
