import { describe, expect, test } from "vitest";
import {
  compareNames,
  datasetNameFromBytes,
  datasetNameFromPath,
  datasetNameToBytes,
  datasetPath,
  isDatasetName,
  parseDatasetName,
} from "../../../src/dataset/index.ts";

const refused: [string, string[], RegExp][] = [
  ["no segments", [], /no segments/],
  ["an empty segment", [""], /segment is empty/],
  ["an empty segment within", ["a", "", "b"], /segment is empty/],
  ["the folder itself", ["."], /starts with a dot/],
  ["the folder above", ["a", "..", "b"], /starts with a dot/],
  ["a hidden name", [".hangar"], /starts with a dot/],
  ["a hidden folder", [".hangar", "uploads"], /starts with a dot/],
  ["a slash in a segment", ["a/b"], /separator \(\/ or \\\); write each part as a segment of its own: "a", "b"/],
  ["a path that climbs", ["../../etc/passwd"], /starts with a dot/],
  ["an absolute path", ["/etc/passwd"], /separator/],
  ["a backslash", ["a\\b"], /separator/],
  ["NUL", ["a\0.parquet"], /control character/],
  ["a line feed", ["a\nb"], /control character/],
  ["delete", ["a\x7f"], /control character/],
  ["a C1 control character", ["a\u0085"], /control character/],
  ["half a surrogate pair", ["a\ud800"], /surrogate/],
  ["256 bytes", ["é".repeat(128)], /256 bytes/],
  ["1025 bytes", [...Array<string>(4).fill("x".repeat(204)), "x".repeat(205)], /1025 bytes/],
];

describe("dataset names", () => {
  test.each(refused)("%s is refused", (_, path, message) => {
    expect(() => datasetNameFromPath(path)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    expect(() => datasetNameFromPath(path)).toThrow(message);
  });

  test.each([
    [["uploaded.parquet"], "uploaded.parquet"],
    [["no-extension"], "no-extension"],
    [["2026", "november", "a b.parquet"], "2026/november/a b.parquet"],
    [["a..b"], "a..b"],
    [["übung", "日本.parquet"], "übung/日本.parquet"],
    [["😀"], "😀"],
    [["x".repeat(255)], "x".repeat(255)],
    [["é".repeat(127)], "é".repeat(127)],
    [Array<string>(5).fill("x".repeat(204)), Array<string>(5).fill("x".repeat(204)).join("/")],
  ])("%j is taken", (path, text) => {
    const name = datasetNameFromPath(path);
    expect(name).toBe(text);
    expect(isDatasetName(name)).toBe(true);
    expect(datasetPath(name)).toEqual(path);
    expect(parseDatasetName(text)).toBe(name);
    expect(datasetNameFromBytes(datasetNameToBytes(name))).toBe(name);
  });

  test("one name in two normal forms is one dataset, shown in NFC", () => {
    expect(datasetNameFromPath(["e\u0301.parquet"])).toBe("\u00e9.parquet");
    expect(isDatasetName("e\u0301.parquet")).toBe(false);
    expect(isDatasetName("a//b")).toBe(false);
  });

  test("bytes that are no UTF-8 are refused, and a byte order mark is not swallowed", () => {
    expect(() => datasetNameFromBytes(Uint8Array.of(0x61, 0xff))).toThrow(
      expect.objectContaining({ code: "invalid_argument", message: "the dataset's name is not valid UTF-8" }),
    );
    expect(datasetNameFromBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe("\ufeffa");
  });

  test("a refusal quotes the name so that it prints on one short line", () => {
    const message = (path: string[]): string => {
      try {
        return datasetNameFromPath(path);
      } catch (reason) {
        return (reason as Error).message;
      }
    };
    expect(message(["a\nb"])).toBe('"a\\nb" cannot name a dataset: a segment contains a control character');
    expect(message(["x".repeat(100_000)]).length).toBeLessThan(300);
  });

  test("names are ordered by their UTF-8 bytes", () => {
    const names = ["", "a", "a-b", "a.b", "a/b", "aa", "b", "é", "\uffee", "\u{10000}", "\u{10000}a", "😀"];
    const byBytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...names].reverse().sort(compareNames)).toEqual(byBytes);
  });
});
