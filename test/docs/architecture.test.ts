import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The folders of `src` in the table of ARCHITECTURE.md, with the folders that each may import. */
function readTable(): Map<string, string[]> {
  const rows = read("ARCHITECTURE.md").matchAll(/^\| `src\/([\w-]+)` *\|[^|]*\|[^|]*\|([^|]*)\|$/gm);
  return new Map([...rows].map(([, folder = "", imports = ""]) => [folder, imports.match(/[\w-]+/g) ?? []]));
}

/** The folders that a folder's project references. */
function readReferences(folder: string): string[] {
  const references = read(`src/${folder}/tsconfig.json`).matchAll(/"path": "\.\.\/([\w-]+)"/g);
  return [...references].map(([, name = ""]) => name);
}

test("ARCHITECTURE.md has a row for every folder of src", () => {
  expect([...readTable().keys()].sort()).toEqual(readdirSync(join(root, "src")).sort());
});

test.each([...readTable()])(
  "ARCHITECTURE.md says what src/%s may import, as its tsconfig.json does",
  (folder, imports) => {
    const expected = imports.filter((name) => name !== "nothing");
    expect(expected.sort()).toEqual(readReferences(folder).sort());
  },
);
