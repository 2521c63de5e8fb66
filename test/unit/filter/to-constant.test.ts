import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { toConstant } from "../../../src/filter/to-constant.ts";

const field = (type: DataType): Field => ({ name: "c", nullable: true, type, children: [], metadata: new Map() });
const int = (bitWidth: number): DataType => ({ kind: "int", bitWidth, signed: true });
const decimal: DataType = { kind: "decimal", bitWidth: 128, precision: 9, scale: 2 };
const timestamp = (timezone = ""): DataType => ({ kind: "timestamp", unit: "ms", timezone });
const duration: DataType = { kind: "duration", unit: "s" };

describe("a literal as a value", () => {
  test.each<[DataType, string, unknown, boolean]>([
    [int(32), "-1.5", -2, false],
    [int(32), "1e2", 100, true],
    [int(64), "9007199254740993", 9007199254740993n, true],
    [decimal, "1.239", 123n, false],
    [decimal, "-1.239", -124n, false],
    [{ kind: "float", bitWidth: 32 }, "0.1", Math.fround(0.1), true],
    [{ kind: "float", bitWidth: 64 }, "nan", NaN, true],
    [{ kind: "date", unit: "day" }, "2024-02-29", 19_782, true],
    [{ kind: "date", unit: "ms" }, "1970-01-02", 86_400_000n, true],
    [{ kind: "date", unit: "day" }, "-000001-12-31", -719_529, true],
    [{ kind: "time", unit: "ms", bitWidth: 32 }, "00:00:01.0005", 1000, false],
    [timestamp(), "1969-12-31 23:59:59.9995", -1n, false],
    [timestamp(), "1970-01-02", 86_400_000n, true],
    [timestamp("UTC"), "1970-01-01T01:00:00+01:00", 0n, true],
    [timestamp("Asia/Tokyo"), "1969-12-31T19:00-0500", 0n, true],
    [duration, "-P1DT1S", -86_401n, true],
    [duration, "PT1.5S", 1n, false],
  ])("%o: %s", (type, text, value, isExact) => {
    expect(toConstant(field(type), { kind: "string", text, place: "" })).toEqual({ value, isExact });
  });

  test.each<[DataType, string]>([
    [int(32), "1e999"],
    [int(32), "."],
    [int(32), ""],
    [{ kind: "date", unit: "day" }, "2023-02-29"],
    [{ kind: "time", unit: "s", bitWidth: 32 }, "24:00:00"],
    [timestamp(), "2020-01-01T00:00:00Z"],
    [timestamp("UTC"), "2020-01-01T00:00:00"],
    [duration, "P1M"],
    [duration, "PT"],
    [{ kind: "binary" }, "!"],
    [{ kind: "bool" }, "yes"],
  ])("%o: %s is refused", (type, text) => {
    expect(() => toConstant(field(type), { kind: "string", text, place: "at character 5" })).toThrow("at character 5");
  });
});
