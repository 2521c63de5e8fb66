import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { toParquetFacts } from "../parquet/index.ts";
import type { KnownFacts } from "./known-facts.ts";

/** The facts of a version of a dataset, by its key. */
export interface FactsEntry {
  readonly key: string;
  readonly known: KnownFacts;
}

/**
 * The format of encoded facts. Increase it when the encoding changes, or when `readParquetFacts` returns something else
 * for the same file.
 */
const factsFormat = 1;

/** The maximum size of decompressed facts in bytes. */
const decompressedBytesMax = 64 * 1024 * 1024;

/** Encoded facts: gzipped JSON. Schemas are base64, once each; datasets refer to them by index. */
interface EncodedFacts {
  readonly format: number;
  readonly schemas: readonly string[];
  readonly datasets: readonly EncodedDataset[];
}

/** `shownSchema` is -1 if there is none. `rowGroups` has the row count and the bytes of each in turn. */
type EncodedDataset = readonly [
  key: string,
  byteLength: number,
  columnCount: number,
  schema: number,
  shownSchema: number,
  rowGroups: readonly number[],
];

const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/** Encodes the facts of many datasets. */
export async function encodeFacts(entries: readonly FactsEntry[]): Promise<Uint8Array> {
  const schemas = new Map<string, number>();
  const indexOf = (bytes: Uint8Array | undefined): number => {
    if (bytes === undefined) return -1;
    const text = Buffer.from(bytes).toString("base64");
    const index = schemas.get(text) ?? schemas.size;
    schemas.set(text, index);
    return index;
  };
  const datasets = entries.map(({ key, known: { facts, columnCount } }): EncodedDataset => {
    const rowGroups = facts.rowGroups.flatMap(({ rowCount, byteLength }) => [rowCount, byteLength]);
    const [schema, shown] = [indexOf(facts.schemaHeader), indexOf(facts.shownSchema)];
    return [key, Number(facts.byteLength), columnCount, schema, shown, rowGroups];
  });
  const encoded: EncodedFacts = { format: factsFormat, schemas: [...schemas.keys()], datasets };
  return await compress(JSON.stringify(encoded));
}

/** Decodes facts. Those of another format are empty. @throws Error if the bytes are not encoded facts */
export async function decodeFacts(bytes: Uint8Array): Promise<FactsEntry[]> {
  const json = await decompress(bytes, { maxOutputLength: decompressedBytesMax });
  const { format, schemas, datasets } = JSON.parse(json.toString()) as EncodedFacts;
  if (format !== factsFormat) return [];
  const decoded = schemas.map((text) => Uint8Array.from(Buffer.from(text, "base64")));
  return datasets.map(([key, byteLength, columnCount, schema, shown, numbers]) => {
    const schemaHeader = decoded[schema];
    if (schemaHeader === undefined) throw new Error("a dataset has no schema");
    const shownSchema = decoded[shown];
    const rowGroups = Array.from({ length: numbers.length / 2 }, (_, i) => {
      return { rowCount: numbers[2 * i]!, byteLength: numbers[2 * i + 1]! };
    });
    const sizes = { byteLength: BigInt(byteLength), rowGroups };
    return { key, known: { facts: toParquetFacts({ ...sizes, schemaHeader, shownSchema }), columnCount } };
  });
}
