import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { toParquetFacts } from "../../../src/parquet/index.ts";
import { parseDatasetName } from "../../../src/dataset/index.ts";
import { createMemoryStorage, silentLog, type SideObjects, type Storage } from "../../../src/storage/index.ts";
import { encodeFacts, type FactsEntry } from "../../../src/store/encode-facts.ts";
import { FactsCatalog } from "../../../src/store/facts-catalog.ts";
import { factsKey } from "../../../src/store/known-facts.ts";

function createSide(): SideObjects & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    list: async () => [...objects.keys()],
    read: async (id) => objects.get(id),
    async write(bytes) {
      const id = randomUUID();
      objects.set(id, bytes);
      return id;
    },
    remove: async (id) => void objects.delete(id),
  };
}

function entryOf(key: string): FactsEntry {
  const schemaHeader = Uint8Array.from([1, 2, 3]);
  const shownSchema = key.endsWith("1") ? Uint8Array.from([4]) : undefined;
  const rowGroups = [
    { rowCount: 3, byteLength: 4 },
    { rowCount: 5, byteLength: 6 },
  ];
  return {
    key,
    known: { facts: toParquetFacts({ byteLength: 99n, schemaHeader, shownSchema, rowGroups }), columnCount: 7 },
  };
}

function open(side: SideObjects, { storage = createMemoryStorage() }: { storage?: Storage } = {}) {
  const loaded: FactsEntry[] = [];
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
  const catalog = new FactsCatalog({ storage, side, log, onLoaded: (entry) => void loaded.push(entry) });
  return { catalog, loaded, warnings };
}

test("what one server has written another one loads, equal and once", async () => {
  const side = createSide();
  const writer = open(side);
  const entries = ["v/a", "v/b1"].map(entryOf);
  for (const entry of entries) writer.catalog.add(entry);
  await writer.catalog.write();
  await writer.catalog.write();
  expect(side.objects.size).toBe(1);
  const reader = open(side);
  await Promise.all([reader.catalog.load(), reader.catalog.load()]);
  await reader.catalog.load();
  expect(reader.loaded).toEqual(entries);
});

test("many new facts are written without waiting", async () => {
  const side = createSide();
  const { catalog } = open(side);
  for (let i = 0; i < 2500; i++) catalog.add(entryOf(`v/${i}`));
  await catalog.write();
  expect(side.objects.size).toBe(3);
});

test("an object that is not valid, or of another format, is not loaded, and the others are", async () => {
  const side = createSide();
  side.objects.set("torn", (await encodeFacts([entryOf("v/a")])).slice(0, 40));
  side.objects.set("text", Buffer.from("no facts"));
  side.objects.set("sound", await encodeFacts([entryOf("v/b")]));
  const { catalog, loaded, warnings } = open(side);
  await catalog.load();
  expect(loaded.map(({ key }) => key)).toEqual(["v/b"]);
  expect(warnings).toHaveLength(2);
});

test("a storage that fails is reported once, and nothing else fails", async () => {
  const failing = async (): Promise<never> => await Promise.reject(new Error("no answer"));
  const { catalog, warnings } = open({ list: failing, read: failing, write: failing, remove: failing });
  await catalog.load();
  catalog.add(entryOf("v/a"));
  await catalog.write();
  expect(warnings).toEqual(["facts of datasets cannot be read"]);
});

test("many small objects are joined, without datasets that no longer exist", async () => {
  const side = createSide();
  const storage = createMemoryStorage();
  const keys: string[] = [];
  for (let i = 0; i < 20; i++) {
    const name = parseDatasetName(`n${i}`);
    const upload = await storage.create({ name, mode: "create" });
    keys.push(factsKey(name, (await upload.commit()).version));
  }
  const { catalog } = open(side, { storage });
  for (let i = 0; i < 40; i++) {
    catalog.add(entryOf(keys[i % 20]!));
    catalog.add(entryOf(`dropped/${i}`));
    await catalog.write();
  }
  expect(side.objects.size).toBeLessThan(20);
  const reader = open(side);
  await reader.catalog.load();
  const loaded = new Set(reader.loaded.map(({ key }) => key));
  expect(keys.filter((key) => !loaded.has(key))).toEqual([]);
});
