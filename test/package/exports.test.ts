import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../../src");
const read = (path: string): string => readFileSync(join(source, path), "utf8");

/** The names in the import or export lists of a source file, by the folder that they come from. */
function readNames(text: string, statement: "import" | "export"): Map<string, string[]> {
  const lists = text.matchAll(new RegExp(`^${statement} (?:type )?\\{([^}]*)\\} from "\\.\\./([\\w-]+)/`, "gm"));
  const names = new Map<string, string[]>();
  for (const [, list = "", folder = ""] of lists) {
    const added = list.split(",").map((name) => name.replace(/\btype\b| as .*/g, "").trim());
    names.set(folder, [...(names.get(folder) ?? []), ...added.filter(Boolean)]);
  }
  return names;
}

test("exports everything that the memory producer imports, which is the example for producers", () => {
  const imported = readNames(read("producer/memory-producer.ts"), "import");
  const exported = readNames(read("public/flight.ts"), "export");
  for (const folder of ["arrow", "dataset", "flight"]) {
    expect(exported.get(folder)).toEqual(expect.arrayContaining(imported.get(folder)!));
  }
  const helpers = read("producer/memory-producer.ts").matchAll(/\{([^}]*)\} from "\.\/[\w-]+\.ts"/g);
  const names = [...helpers].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.replace(/^\s*type /, "").trim()),
  );
  expect(readNames(read("public/producer.ts"), "export").get("producer")).toEqual(
    expect.arrayContaining(names.filter(Boolean)),
  );
});
