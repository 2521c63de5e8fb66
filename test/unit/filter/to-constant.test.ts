import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import type { Literal } from "../../../src/filter/expression.ts";
import { toConstant } from "../../../src/filter/to-constant.ts";

const place = { words: "at character 5" };
const field = (type: DataType): Field => ({ name: "c", nullable: true, type, children: [], metadata: new Map() });
const int = (bitWidth: number): DataType => ({ kind: "int", bitWidth, signed: true });
const decimal: DataType = { kind: "decimal", bitWidth: 128, precision: 9, scale: 2 };
const timestamp = (timezone = ""): DataType => ({ kind: "timestamp", unit: "ms", timezone });
const bytes = (byteWidth: number): DataType => ({ kind: "fixed_size_binary", byteWidth });
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
    [timestamp("UTC"), "1970-01-02Z", 86_400_000n, true],
    [timestamp("UTC"), "1970-01-02+01:00", 82_800_000n, true],
    [timestamp("UTC"), "1970-01-02 Asia/Tokyo", 54_000_000n, true],
    [timestamp("UTC"), "1970-07-01 00:00 America/New_York", 15_652_800_000n, true],
    // Twice and not at all: the offset before the change.
    [timestamp("UTC"), "2026-10-25 02:30 Europe/Berlin", 1_792_888_200_000n, true],
    [timestamp("UTC"), "2026-03-29T02:30:00 Europe/Berlin", 1_774_747_800_000n, true],
    [duration, "-P1DT1S", -86_401n, true],
    [duration, "PT1.5S", 1n, false],
    [duration, "1 h 30 min", 5400n, true],
    [duration, "-1 d 2 min 5 s", -86_525n, true],
    [duration, "12 min 24 s", 744n, true],
    [duration, "-15 s", -15n, true],
    [{ kind: "duration", unit: "ms" }, "1.500 s", 1500n, true],
    [{ kind: "binary" }, "", Uint8Array.of(), true],
    [{ kind: "binary" }, "0x", Uint8Array.of(), true],
    [{ kind: "binary" }, "0x01fF", Uint8Array.of(1, 255), true],
    [{ kind: "binary" }, "text:é", Uint8Array.of(0xc3, 0xa9), true],
    [{ kind: "large_binary" }, "Af8=", Uint8Array.of(1, 255), true],
    [{ kind: "binary_view" }, "base64:01ff", Uint8Array.of(0xd3, 0x57, 0xdf), true],
    [{ kind: "binary" }, "AAAA", Uint8Array.of(0, 0, 0), true],
    [bytes(3), "01ff", Uint8Array.of(0xd3, 0x57, 0xdf), true],
    [bytes(2), "0x01FF", Uint8Array.of(1, 255), true],
    [bytes(16), "00010203-0405-0607-0809-0a0B0c0D0e0f", Uint8Array.from({ length: 16 }, (_, i) => i), true],
    [bytes(16), "AAECAwQFBgcICQoLDA0ODw==", Uint8Array.from({ length: 16 }, (_, i) => i), true],
  ])("%o: %s", (type, text, value, isExact) => {
    expect(toConstant(field(type), { kind: "string", text, place })).toEqual({ value, isExact });
  });

  test("of an ENUM is its text, also where it looks like bytes", () => {
    const marked = { ...field({ kind: "binary" }), metadata: new Map([["hangar.logical_type", "ENUM"]]) };
    for (const text of ["RED", "DEAD", "0x41", ""]) {
      const value = new TextEncoder().encode(text);
      expect(toConstant(marked, { kind: "string", text, place })).toEqual({ value, isExact: true });
    }
    const literal = { kind: "number", text: "0x41", place } as const;
    expect(toConstant(marked, literal).value).toEqual(Uint8Array.of(0x41));
    expect(() => toConstant(marked, { ...literal, text: "41" })).toThrow("41 is not a valid Parquet ENUM in quotes");
  });

  test.each(["01ff", "DEADBEEF", "abcd", "00000000"])("%s is refused as ambiguous", (text) => {
    const literal = { kind: "string", text, place } as const;
    const words = `write '0x${text}' or 'base64:${text}'`;
    expect(() => toConstant(field({ kind: "binary" }), literal)).toThrow(words);
    expect(toConstant(field({ kind: "binary" }), { ...literal, text: `0x${text}` }).isExact).toBe(true);
  });

  test("0x without quotes is a value of bytes alone", () => {
    const literal = { kind: "number", text: "0x01ff", place } as const;
    expect(toConstant(field({ kind: "binary" }), literal).value).toEqual(Uint8Array.of(1, 255));
    for (const type of [int(32), decimal, { kind: "float", bitWidth: 64 }, { kind: "utf8" }] as DataType[]) {
      expect(() => toConstant(field(type), literal)).toThrow("0x01ff is no");
    }
    expect(() => toConstant(field({ kind: "binary" }), { ...literal, text: "1234" })).toThrow(
      "1234 is not a valid binary",
    );
  });

  test.each<[DataType, string]>([
    [int(32), "1e999"],
    [int(32), "."],
    [int(32), ""],
    [{ kind: "date", unit: "day" }, "2023-02-29"],
    [{ kind: "time", unit: "s", bitWidth: 32 }, "24:00:00"],
    [timestamp(), "2020-01-01T00:00:00Z"],
    [timestamp("UTC"), "2020-01-01T00:00:00"],
    [timestamp("UTC"), "2020-01-01 Mars/Base"],
    [timestamp(), "2020-01-01 UTC"],
    [duration, "P1M"],
    [duration, "PT"],
    [duration, "15s"],
    [duration, "-"],
    [duration, "1 h "],
    [duration, "1 h 2 h"],
    [duration, "5 s 1 h"],
    [{ kind: "binary" }, "!"],
    [{ kind: "binary" }, "Af8"],
    [{ kind: "binary" }, "Af9="],
    [{ kind: "binary" }, " Af8="],
    [{ kind: "binary" }, "0x01f"],
    [{ kind: "binary" }, "0x01 ff"],
    [{ kind: "binary" }, "0x78787878…"],
    [{ kind: "binary" }, "00010203-0405-0607-0809-0a0b0c0d0e0f"],
    [bytes(2), "AP8Q"],
    [bytes(4), "0x01ff"],
    [bytes(16), "000102030405060708090a0b0c0d0e0f"],
    [bytes(16), "00010203-0405-0607-0809-0a0b0c0d0e"],
    [{ kind: "bool" }, "yes"],
  ])("%o: %s is refused", (type, text) => {
    expect(() => toConstant(field(type), { kind: "string", text, place })).toThrow("at character 5");
  });
});

test.each<[DataType, Literal["kind"], string, string]>([
  [
    timestamp("Europe/Berlin"),
    "string",
    "2024-01-01",
    "c is in Europe/Berlin: '2024-01-01 Europe/Berlin' or '2024-01-01Z'",
  ],
  [timestamp("UTC"), "string", "2024-01-01T10:00", "say the time zone; c is in UTC: '2024-01-01T10:00Z'"],
  [timestamp("+01:00"), "string", "2024-01-01", "c is in +01:00: '2024-01-01+01:00' or '2024-01-01Z'"],
  [
    timestamp("+01:00"),
    "string",
    "x",
    "'x' is not a valid timestamp[ms, tz=+01:00] such as '2026-11-29T18:30:00', with a time zone",
  ],
  [timestamp(), "string", "2024-01-01Z", "c has no time zone, so the value must have none"],
  [{ kind: "utf8" }, "number", "5", "put it in single quotes: '5'"],
  [{ kind: "date", unit: "day" }, "number", "2024", "2024 is not a valid date32[day] such as '2026-11-29'"],
  [{ kind: "date", unit: "day" }, "string", "15/01/2024", "is not a valid date32[day] such as '2026-11-29'"],
  [{ kind: "time", unit: "s", bitWidth: 32 }, "string", "6 pm", "is not a valid time32[s] such as '18:30:00'"],
  [duration, "number", "3600", "3600 is not a valid duration[s] such as 'PT1H30M' or '1 h 30 min'"],
  [{ kind: "bool" }, "number", "1", "1 is not a valid bool: write true or false"],
  [
    bytes(4),
    "string",
    "0x00",
    "is not a valid fixed_size_binary[4] such as '0x01ff01ff' or in base64: it has 1 byte, not 4",
  ],
  [{ kind: "bool" }, "string", "yes", "'yes' is not a valid bool: write true or false"],
  [{ kind: "binary" }, "string", "red", "the bytes of a text are 'text:red'"],
])("%j: the mistake in %s %s is told", (type, kind, text, hint) => {
  expect(() => toConstant(field(type), { kind, text, place })).toThrow(hint);
});
