import { describe, expect, test } from "vitest";
import type { DataType, Field, Scalar } from "../../../src/arrow/index.ts";
import { formatScalar } from "../../../src/rows/index.ts";

function field(type: DataType): Field {
  return { name: "c", nullable: true, type, children: [], metadata: new Map() };
}

const timestamp = (unit: "s" | "ms" | "us" | "ns", timezone = ""): DataType => ({ kind: "timestamp", unit, timezone });
const decimal = (scale: number): DataType => ({ kind: "decimal", bitWidth: 128, precision: 38, scale });

describe("a value as text", () => {
  test.each<[DataType, Scalar, string]>([
    [{ kind: "int", bitWidth: 64, signed: false }, 2n ** 64n - 1n, "18446744073709551615"],
    [{ kind: "float", bitWidth: 32 }, Math.fround(0.1), "0.1"],
    [{ kind: "float", bitWidth: 32 }, Math.fround(16_777_216.5), "16777216"],
    [{ kind: "float", bitWidth: 32 }, Math.fround(1.17549435e-38), "1.1754944e-38"],
    [{ kind: "float", bitWidth: 64 }, -0, "-0.0"],
    [{ kind: "float", bitWidth: 64 }, NaN, "NaN"],
    [{ kind: "float", bitWidth: 64 }, -Infinity, "-Infinity"],
    [decimal(2), -5n, "-0.05"],
    [decimal(0), 10n ** 37n, "10000000000000000000000000000000000000"],
    [decimal(-2), 12n, "1200"],
    [timestamp("ns"), -1n, "1969-12-31T23:59:59.999999999"],
    [timestamp("ns", "Asia/Tokyo"), 1_700_000_000_123_456_789n, "2023-11-14T22:13:20.123456789Z"],
    [timestamp("s", "UTC"), 253_402_300_800n, "+010000-01-01T00:00:00Z"],
    [timestamp("ms"), -62_167_219_200_001n, "-000001-12-31T23:59:59.999"],
    [timestamp("s"), -(2n ** 63n), "-292277022657-01-27T08:29:52"],
    [{ kind: "date", unit: "day" }, -(2 ** 31), "-5877641-06-23"],
    [{ kind: "date", unit: "day" }, 19_782, "2024-02-29"],
    [{ kind: "date", unit: "ms" }, 86_400_000n, "1970-01-02"],
    [{ kind: "date", unit: "ms" }, 86_400_001n, "1970-01-02T00:00:00.001"],
    [{ kind: "time", unit: "s", bitWidth: 32 }, 86_399, "23:59:59"],
    [{ kind: "time", unit: "ns", bitWidth: 64 }, 1n, "00:00:00.000000001"],
    [{ kind: "duration", unit: "us" }, -1_500_000n, "-PT1.500000S"],
    [{ kind: "interval", unit: "year_month" }, -14, "P-14M"],
    [{ kind: "interval", unit: "day_time" }, Uint8Array.of(3, 0, 0, 0, 0xff, 0xff, 0xff, 0xff), "P3DT-0.001S"],
    [{ kind: "binary" }, Uint8Array.of(0, 255, 16), "AP8Q"],
    [{ kind: "utf8" }, new TextEncoder().encode("\ufeffŁódź"), "\ufeffŁódź"],
  ])("%o %s is %s", (type, value, text) => {
    expect(formatScalar(field(type))(value)).toBe(text);
  });

  test("is that of a UUID or an ENUM, where the field says so", () => {
    const marked = (type: DataType, key: string, mark: string): Field => ({
      ...field(type),
      metadata: new Map([[key, mark]]),
    });
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => 17 * i);
    const uuid = "00112233-4455-6677-8899-aabbccddeeff";
    const fixed = (byteWidth: number): DataType => ({ kind: "fixed_size_binary", byteWidth });
    expect(formatScalar(marked(fixed(16), "ARROW:extension:name", "arrow.uuid"))(bytes)).toBe(uuid);
    expect(formatScalar(marked(fixed(4), "ARROW:extension:name", "arrow.uuid"))(bytes.slice(0, 4))).toBe("ABEiMw==");
    const enumeration = formatScalar(marked({ kind: "binary" }, "hangar.logical_type", "ENUM"));
    expect(enumeration(new TextEncoder().encode("RÖD"))).toBe("RÖD");
    expect(() => enumeration(Uint8Array.of(0xff))).toThrow("column c has a string that is not UTF-8");
  });

  test("is refused where it is no UTF-8", () => {
    const format = formatScalar(field({ kind: "utf8" }));
    expect(() => format(Uint8Array.of(0xff))).toThrow("column c has a string that is not UTF-8");
  });
});
