import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../../../src/cli/config/config-file.ts";
import { defaultLimits, limitNames, toKebabCase } from "../../../../src/server/index.ts";

const parse = (text: string) => parseConfig(text, "hangar.toml", []);

describe("the table limits", () => {
  test("has a key for each limit", () => {
    const text = limitNames.map((name, index) => `${toKebabCase(name)} = ${index + 1}`).join("\n");
    const limits = Object.fromEntries(limitNames.map((name, index) => [name, index + 1]));
    expect(parse(`[limits]\n${text}`).limits).toEqual(limits);
  });

  test.each([
    ["connections = 0", "hangar.toml:2: limits.connections: must be a whole number from 1 to 9007199254740991"],
    ['uploads = "many"', "hangar.toml:2: limits.uploads: must be a whole number from 1 to 9007199254740991"],
    ["upload = 3", "hangar.toml:2: limits.upload: is not a known key in limits (did you mean uploads?)"],
  ])("%s is refused by line and key", (line, message) => {
    expect(() => parse(`[limits]\n${line}`)).toThrow(message);
  });

  test("is documented, with each default", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../../docs/limits.md"), "utf8");
    const units: Record<string, number> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d+) ?(|KiB|MiB|GiB|TiB) +\|/gm)].map(
      ([, key, count, unit = ""]) => [key, Number(count) * units[unit]!] as const,
    );
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(limitNames.map((name) => [toKebabCase(name), defaultLimits[name]])),
    );
  });
});
