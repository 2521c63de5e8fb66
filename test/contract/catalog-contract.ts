import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { DatasetCatalog, FlightProducer } from "../../src/producer/index.ts";
import { createTestContext } from "./call-context.ts";
import { codeOf, drop, list, put } from "./calls.ts";
import { createTable } from "./tables.ts";

/** A catalog to hold to the contract, with the producer that fills it; empty at first. */
export interface CatalogUnderTest {
  readonly producer: FlightProducer;
  readonly catalog: DatasetCatalog;
  /** Whether it can tell when a dataset was put; it can by default. */
  readonly knowsChanged?: boolean;
  /** Releases what it holds; runs once, after the last test. */
  close(): Promise<void>;
}

/** The contract of what `hangar.v1.DatasetService` is served from. */
export function describeCatalogContract(subject: string, open: () => Promise<CatalogUnderTest>): void {
  describe(`${subject} keeps the contract of catalogs`, () => {
    let producer: FlightProducer;
    let catalog: DatasetCatalog;
    let knowsChanged: boolean;
    let close: (() => Promise<void>) | undefined;

    beforeEach(async () => {
      if (close === undefined) ({ producer, catalog, close, knowsChanged = true } = await open());
      for (const name of await list(producer)) await drop(producer, name);
    });
    afterAll(async () => close?.());

    const page = async (after: string, pageSize: number, glob = ""): Promise<[names: string[], more: boolean]> => {
      const { datasets, more } = await catalog.listDatasets(createTestContext(), { after, pageSize, glob });
      return [datasets.map(({ name }) => name), more];
    };

    test("a dataset is described with its schema", async () => {
      await put(producer, ["folder", "a"], createTable(1));
      const { summary, schema } = await catalog.getDataset(createTestContext(), "folder/a");
      expect(summary).toMatchObject({ name: "folder/a", rowCount: 12n, columnCount: 4 });
      expect(summary.byteLength).toBeGreaterThan(0n);
      if (knowsChanged) expect(Math.abs(summary.changed!.getTime() - Date.now())).toBeLessThan(3_600_000);
      else expect(summary.changed).toBeUndefined();
      expect(schema.fields.map(({ name, type }) => `${name}: ${type.kind}`)).toEqual([
        "id: int",
        "ratio: float",
        "label: utf8",
        "even: bool",
      ]);
      expect(await catalog.listDatasets(createTestContext(), { after: "", pageSize: 1, glob: "" })).toEqual({
        datasets: [summary],
        more: false,
      });
    });

    test("pages follow one another in the order of names", async () => {
      const names = ["a-b", "a/b", "a/c/d", "a/c/e", "aa", "b"];
      for (const name of names) await put(producer, name.split("/"), createTable(1, { batchCount: 1 }));
      expect(await page("", 4)).toEqual([["a-b", "a/b", "a/c/d", "a/c/e"], true]);
      expect(await page("a/c/e", 4)).toEqual([["aa", "b"], false]);
      expect(await page("a/c/d", 1)).toEqual([["a/c/e"], true]);
      expect(await page("", 6)).toEqual([names, false]);
      expect(await page("a/c", 6)).toEqual([["a/c/d", "a/c/e", "aa", "b"], false]);
      expect(await page("b", 1)).toEqual([[], false]);
      expect(await page("", 1, "a/**")).toEqual([["a/b"], true]);
      expect(await codeOf(page("", 1, "{"))).toBe("invalid_argument");
    });

    test("a dataset is dropped once", async () => {
      await put(producer, ["a"], createTable(1));
      await catalog.dropDataset(createTestContext(), "a");
      expect(await codeOf(catalog.dropDataset(createTestContext(), "a"))).toBe("not_found");
      expect(await codeOf(catalog.getDataset(createTestContext(), "a"))).toBe("not_found");
    });

    test("what cannot be a name is INVALID_ARGUMENT", async () => {
      for (const name of ["", "/a", "a/", "../a", ".hangar/uploads"]) {
        expect(await codeOf(catalog.getDataset(createTestContext(), name))).toBe("invalid_argument");
        expect(await codeOf(catalog.dropDataset(createTestContext(), name))).toBe("invalid_argument");
      }
    });
  });
}
