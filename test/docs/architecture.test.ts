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

/** The paths of all files in the folders of sources, documents and tests. */
function listFiles(): string[] {
  const folders = ["src", "web/src", "test", "docs", "scripts", "bench", "proto"];
  const below = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`),
  );
  return [...below, ...readdirSync(root)];
}

test.each(["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/dependencies.md"])("every file that %s names exists", (page) => {
  const files = listFiles().map((path) => `/${path}`);
  const named = read(page).matchAll(/`([\w./-]+\.(?:ts|tsx|py|md|txt|json|proto|mjs))`/g);
  const missing = [...named]
    .map(([, path]) => path!)
    .filter((path) => !files.some((file) => file.endsWith(`/${path}`)));
  // A pattern of names, and files that are made.
  expect(missing.filter((path) => !/^-|^dist\//.test(path))).toEqual([]);
});

test("docs/dependencies.md has each dependency of package.json once", () => {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = JSON.parse(
    read("package.json"),
  ) as Record<string, Record<string, string>>;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies });
  const rows = read("docs/dependencies.md").matchAll(/^\| (`[^|]*)\|/gm);
  const listed = [...rows].flatMap(([, cell]) => cell!.match(/[^`, ]+/g) ?? []);
  // TypeDoc has a package.json of its own.
  expect(listed.filter((name) => name !== "typedoc").sort()).toEqual(names.sort());
});

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
