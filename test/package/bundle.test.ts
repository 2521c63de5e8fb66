import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as arrow from "apache-arrow/Arrow.dom";
import { describe, expect, test } from "vitest";
import * as client from "../../src/public/client.ts";

const root = join(import.meta.dirname, "../..");
const bundle = readFileSync(join(root, "dist/browser.min.js"));

describe("dist/browser.min.js", () => {
  test("has all names of the client and of apache-arrow", async () => {
    const names = Object.keys(await import(join(root, "dist/browser.min.js")));
    expect(names.toSorted()).toEqual([...Object.keys(client), ...Object.keys(arrow)].toSorted());
  });

  test("is one file that loads nothing: no other module, no Node, no wasm", () => {
    const text = bundle.toString();
    expect(text).not.toMatch(/\bimport\b|\brequire\b|\bfrom ?["'`]/);
    expect(text).not.toMatch(/["'`]node:|\bBuffer\b|WebAssembly|\bwasm\b/);
  });

  test("is no larger than docs/client.md says", () => {
    const documented = /at most\s(\d+) kB, (\d+) kB with gzip/.exec(readFileSync(join(root, "docs/client.md"), "utf8"));
    const [plainMax, gzipMax] = [Number(documented?.[1]) * 1000, Number(documented?.[2]) * 1000];
    expect(bundle.byteLength).toBeLessThanOrEqual(plainMax);
    expect(gzipSync(bundle, { level: 9 }).byteLength).toBeLessThanOrEqual(gzipMax);
  });
});
