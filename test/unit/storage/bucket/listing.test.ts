import { expect, test } from "vitest";
import { compareNames, parseDatasetName } from "../../../../src/dataset/index.ts";
import { Listing } from "../../../../src/storage/bucket/listing.ts";
import { listedPageCountMax } from "../../../../src/storage/bucket/limits.ts";
import type { ListedFile } from "../../../../src/storage/index.ts";
import { Random } from "../../../limits/random.ts";

const fileOf = (name: string, id = "1"): ListedFile => ({
  name: parseDatasetName(name),
  version: { id, byteLength: 1, changed: new Date(0) },
});
const namesOf = (listing: Listing, options: { prefix?: string; after?: string } = {}): string[] =>
  [...listing.from({ after: "", ...options })].map(({ name }) => name);

test("a listing has the files that were added and not removed, in the order of their bytes", () => {
  const random = new Random(7);
  const names = Array.from({ length: 300 }, (_, i) => `${["a", "a/b", "a-b", "é", "\u{10000}"][i % 5]}${i % 97}`);
  const expected = new Map<string, string>();
  let listing = new Listing();
  for (let step = 0; step < 1000; step++) {
    const name = names[Math.floor(random.next() * names.length)]!;
    if (random.next() < 0.3) {
      listing = listing.without(name);
      expected.delete(name);
    } else {
      listing = listing.with(fileOf(name, `${step}`));
      expected.set(name, `${step}`);
    }
  }
  const sorted = [...expected.keys()].sort(compareNames);
  expect(namesOf(listing)).toEqual(sorted);
  for (const name of names) expect(listing.find(name)?.version?.id).toBe(expected.get(name));
  for (const prefix of ["a", "a/", "a/b1", "\u{10000}", "b"]) {
    for (const after of ["", "a", "a/b50", "zz"]) {
      const wanted = sorted.filter((name) => name.startsWith(prefix) && compareNames(name, after) > 0);
      expect(namesOf(listing, { prefix, after })).toEqual(wanted);
    }
  }
});

test("a page that grows is divided, and the pages of an earlier listing stay as they are", () => {
  let listing = new Listing();
  const names = Array.from({ length: 2 * listedPageCountMax + 1 }, (_, i) => `n${String(i).padStart(5, "0")}`);
  for (const name of names) listing = listing.with(fileOf(name));
  const before = listing;
  expect(Math.max(...listing.pages.map(({ length }) => length))).toBeLessThanOrEqual(listedPageCountMax);
  listing = listing.without("n00003");
  expect([namesOf(before).length, namesOf(listing).length]).toEqual([names.length, names.length - 1]);
});
