import { describe, expect, test } from "vitest";
import { DistinctCounter, distinctError } from "../../../web/src/columns/distinct-counter.ts";
import { hashBytes, hashInteger, hashNumber, hashText, type ValueHash } from "../../../web/src/columns/value-hash.ts";

const view = new DataView(new ArrayBuffer(8));
const encoder = new TextEncoder();

/** Numbers of both signs, each with its negative: 0, -1, 1, -2, 2, … */
const bothSigns = (i: number): number => (i % 2 === 0 ? i / 2 : -(i + 1) / 2);

function hashOfBytes(text: string): ValueHash {
  const bytes = encoder.encode(text);
  return hashBytes(bytes, 0, bytes.length);
}

/** The i-th value of 16 bits, as the float that it is: 1 sign bit, 5 of the exponent, 10 of the fraction. */
function half(i: number): number {
  const [sign, exponent, fraction] = [i & 1, (i >> 11) & 31, (i >> 1) & 1023];
  return (sign === 1 ? -1 : 1) * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function single(i: number): number {
  view.setUint32(0, 0x3f80_0000 + (i >> 1) + (i % 2) * 2 ** 31);
  return view.getFloat32(0);
}

/** Different values of a type: each number has one of its own. */
const valuesOf: Readonly<Record<string, (i: number) => ValueHash>> = {
  integers: hashNumber,
  "integers of both signs": (i) => hashNumber(bothSigns(i)),
  "round integers": (i) => hashNumber(4096 * i),
  "cents of both signs": (i) => hashNumber(bothSigns(i) / 100),
  "floats of 32 bits": (i) => hashNumber(single(i)),
  doubles: (i) => hashNumber(Math.sqrt(i)),
  "microseconds since 1970": (i) => hashNumber(1_700_000_000_000_000 + 1_000_000 * i),
  "integers of 64 bits": (i) => hashInteger(2n ** 63n + BigInt(i)),
  "decimals of 128 bits": (i) => hashInteger(BigInt(bothSigns(i)) * 10n ** 30n),
  "short texts": (i) => hashText(String(i)),
  "long texts": (i) => hashText(`https://example.org/${"path/".repeat(5)}${i}`),
  "texts of one character": (i) => hashText(String.fromCodePoint(0x1_0000 + i)),
  strings: (i) => hashOfBytes(`row ${i}`),
  "binaries of 4 bytes": (i) => {
    view.setUint32(0, i);
    return hashBytes(new Uint8Array(view.buffer), 0, 4);
  },
};

const counts = [100, 300, 1000, 3000, 10_000, 12_000, 15_000, 20_000, 25_000, 40_000, 100_000, 300_000, 1_000_000];
const exactMax = 50;

/** The relative errors of the estimates as values are added. */
function errorsOf(hashOf: (i: number) => ValueHash): number[] {
  const counter = new DistinctCounter({ ofColumnMax: exactMax, left: exactMax });
  let added = 0;
  return counts.map((count) => {
    for (; added < count; added++) counter.add(hashOf(added));
    return counter.count.count / count - 1;
  });
}

describe("an estimated count of different values", () => {
  test("is within four standard errors for every type and number, and on average within one", () => {
    const errors = Object.entries(valuesOf).flatMap(([name, hashOf]) =>
      errorsOf(hashOf).map((error, i) => ({ name, count: counts[i]!, error })),
    );
    expect(errors.filter(({ error }) => Math.abs(error) > 4 * distinctError)).toEqual([]);
    const rms = Math.sqrt(errors.reduce((sum, { error }) => sum + error ** 2, 0) / errors.length);
    expect(rms).toBeLessThan(1.1 * distinctError);
    const mean = errors.reduce((sum, { error }) => sum + error, 0) / errors.length;
    expect(Math.abs(mean)).toBeLessThan(distinctError / 3);
  });

  test("is as good for floats of 16 bits, of which there are few", () => {
    const values = Array.from({ length: 25_630 }, (_, i) => half(8192 + i));
    const counter = new DistinctCounter({ ofColumnMax: exactMax, left: exactMax });
    for (const value of values) counter.add(hashNumber(value));
    expect(Math.abs(counter.count.count / new Set(values).size - 1)).toBeLessThan(4 * distinctError);
  });

  test("is exact up to a number of them", () => {
    const counter = new DistinctCounter({ ofColumnMax: 1000, left: 1000 });
    for (const value of [0, -0, 1, NaN, NaN, 2 ** 60]) counter.add(hashNumber(value));
    expect(counter.count).toEqual({ count: 4, isExact: true });
    expect(hashInteger(5n)).toBe(hashNumber(5));
  });

  test("is exact for a column of few values, however many others have", () => {
    const budget = { ofColumnMax: 1000, left: 1500 };
    const many = Array.from({ length: 20 }, () => new DistinctCounter(budget));
    const few = new DistinctCounter(budget);
    for (const each of [...many, few]) {
      for (let i = 0; i < 3000; i++) each.add(hashNumber(each === few ? i % 400 : i));
    }
    expect(few.count).toEqual({ count: 400, isExact: true });
    expect(many.map(({ count }) => count.isExact)).toEqual(many.map(() => false));
    expect(budget.left).toBe(1100);
  });
});
