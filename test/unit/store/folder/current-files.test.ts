import { expect, test } from "vitest";
import type { DatasetName } from "../../../../src/dataset/index.ts";
import { bytesKey } from "../../../../src/store/known-facts.ts";
import { sortFiles } from "../../../../src/store/folder/current-files.ts";
import type { FileOfFolder } from "../../../../src/store/folder/list-folder.ts";

/** Files by name and version, such as `a@1`; a compacted one also names what it replaces. */
const fileOf = (text: string): FileOfFolder => {
  const [name = "", id = ""] = text.split("@");
  return { name: name as DatasetName, version: { id, byteLength: 1, changed: new Date(0) } };
};

async function sort(files: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const sorted = await sortFiles(Object.keys(files).map(fileOf), async ({ name, version }) => {
    asked.push(name);
    return new Set(files[`${name}@${version.id}`]!.map(fileOf).map((each) => bytesKey(each.name, each.version)));
  });
  return {
    asked,
    current: sorted.current.map(({ name }) => name),
    replaced: sorted.replaced.map(({ file, by }) => `${file.name} by ${by.name}`),
    void: sorted.void.map(({ file, by }) => `${file.name} by ${by.map(({ name }) => name).join()}`),
  };
}

const [c1, c2, c3] = ["f/1-compacted.parquet", "f/2-compacted.parquet", "f/3-compacted.parquet"];

test("asks nothing of files without the name of a compacted one", async () => {
  expect(await sort({ "f/a@1": [], "f/b@1": [] })).toMatchObject({ asked: [], current: ["f/a", "f/b"], replaced: [] });
});

test("leaves out what a compacted file replaces, in that version only", async () => {
  expect(await sort({ [`${c1}@1`]: ["f/a@1", "f/b@1", "f/gone@1"], "f/a@1": [], "f/b@2": [], "f/c@1": [] })).toEqual({
    asked: [c1],
    current: [c1, "f/b", "f/c"],
    replaced: [`f/a by ${c1}`],
    void: [],
  });
});

test("a compacted file may replace another one, whose files are gone", async () => {
  expect(await sort({ [`${c1}@1`]: ["f/a@1"], [`${c2}@1`]: [`${c1}@1`, "f/b@1"], "f/b@1": [] })).toMatchObject({
    current: [c2],
    replaced: [`${c1} by ${c2}`, `f/b by ${c2}`],
  });
});

test("of two that replace the same file, the first one counts, and what only the other one replaces is there", async () => {
  const files = { [`${c1}@1`]: ["f/a@1", "f/b@1"], [`${c2}@1`]: ["f/b@1", "f/c@1"], [`${c3}@1`]: ["f/c@1"] };
  expect(await sort({ ...files, "f/a@1": [], "f/b@1": [], "f/c@1": [] })).toMatchObject({
    current: [c1, c3],
    replaced: [`f/a by ${c1}`, `f/b by ${c1}`, `f/c by ${c3}`],
    void: [`${c2} by ${c1}`],
  });
});
