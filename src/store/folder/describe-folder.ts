import { decodeSchema, encodeSchema, sharedEntries, type Field, type Schema } from "../../arrow/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { NarrowedColumn } from "../../filter/index.ts";
import type { DatasetName } from "../../dataset/index.ts";
import type { ParquetFacts, RowGroupFacts } from "../../parquet/index.ts";
import type { FileVersion } from "../../storage/index.ts";
import type { DescribedDataset } from "../dataset-reader.ts";
import type { FileInFolder, FileLayout, FolderDataset } from "./folder-dataset.ts";
import { PartitionTypes, readPartitions, toPartitionValue, type Partitions } from "./hive-partitions.ts";
import { unifySchemas } from "./unify-schemas.ts";

/** The number of files up to which the row groups of a folder are those of its files. Beyond, a file counts as one. */
const groupedFilesMax = 64;

/** A file with its decoded schema, and the values of its partitions. Files of one folder share the latter. */
interface ReadFile {
  readonly described: DescribedDataset;
  readonly schema: Schema;
  readonly partitions: Partitions;
}

/**
 * Describes files as one dataset: their columns by name, and partition columns.
 *
 * @param name - the pattern
 * @param files - at least one, in the order of their names
 * @param version - of all files together
 * @throws FlightError INVALID_ARGUMENT if their columns or partitions do not fit together
 */
export function describeFolder(
  name: DatasetName,
  files: readonly DescribedDataset[],
  version: FileVersion,
): FolderDataset {
  const read = readFiles(files, readPartitions);
  assertSameKeys(distinctBy(read, ({ partitions }) => partitions));
  return describeFiles(read, { name, version });
}

/**
 * Describes files of one folder as one dataset, without partition columns.
 *
 * @throws FlightError as `describeFolder`
 */
export function describeFlatFolder(
  name: DatasetName,
  files: readonly DescribedDataset[],
  version: FileVersion,
): FolderDataset {
  return describeFiles(
    readFiles(files, () => new Map()),
    { name, version },
  );
}

function describeFiles(
  read: readonly ReadFile[],
  { name, version }: Pick<FolderDataset, "name" | "version">,
): FolderDataset {
  const types = new PartitionTypes();
  for (const partitions of new Set(read.map((file) => file.partitions))) types.add(partitions);
  const partitionFields = types.fields();
  const schemas = distinctBy(read, ({ schema }) => schema);
  const fields = unifySchemas(
    schemas.map(({ described, schema }) => ({ name: described.name, fields: schema.fields })),
    partitionFields,
  );
  const [first] = read as [ReadFile, ...ReadFile[]];
  const isSame = schemas.length === 1 && partitionFields.length === 0;
  const metadata = schemas.map(({ schema }) => schema.metadata).reduce(sharedEntries);
  const unified = isSame ? first.schema.fields : fields;
  const layouts = new Layouts(unified, partitionFields, isSame);
  let rowStart = 0;
  const placed = read.map(({ described, schema, partitions }): FileInFolder => {
    const { facts } = described;
    const file = { name: described.name, version: described.version, facts, rowStart };
    rowStart += Number(facts.rowCount);
    return { ...file, layout: layouts.get(schema, partitions) };
  });
  const schemaHeader = isSame ? first.described.facts.schemaHeader : encodeSchema({ fields, metadata });
  const facts = sumFacts(placed, schemaHeader);
  return { name, version, facts, columnCount: unified.length, fields: unified, files: placed };
}

/** Decodes each schema once, and each folder's partitions. */
function readFiles(
  files: readonly DescribedDataset[],
  partitionsOf: (name: DatasetName) => Partitions,
): readonly ReadFile[] {
  const schemas = new Map<Uint8Array, Schema>();
  const folders = new Map<string, Partitions>();
  return files.map((described) => {
    const { name, facts } = described;
    const schema = schemas.get(facts.schemaHeader) ?? decodeSchema(facts.schemaHeader);
    schemas.set(facts.schemaHeader, schema);
    const folder = name.slice(0, name.lastIndexOf("/") + 1);
    const partitions = folders.get(folder) ?? partitionsOf(name);
    folders.set(folder, partitions);
    return { described, schema, partitions };
  });
}

function assertSameKeys(files: readonly ReadFile[]): void {
  const keysOf = ({ partitions }: ReadFile): string => [...partitions.keys()].map((key) => `${key}=…`).join("/");
  const [first] = files;
  for (const file of files) {
    if (keysOf(file) === keysOf(first!)) continue;
    const [a, b] = [first!, file].map((each) => `${quoteName(each.described.name)} (${keysOf(each) || "none"})`);
    const words = `the datasets have different partition folders: ${a} and ${b}`;
    throw new FlightError("invalid_argument", words);
  }
}

/** Returns the first item of each key, in their order. */
function distinctBy<T>(items: readonly T[], keyOf: (item: T) => unknown): T[] {
  const first = new Map<unknown, T>();
  for (const item of items) if (!first.has(keyOf(item))) first.set(keyOf(item), item);
  return [...first.values()];
}

/** Creates the layouts of files, one for each schema and partition. */
class Layouts {
  readonly #fields: readonly Field[];
  readonly #partitions: ReadonlyMap<string, Field>;
  readonly #isSame: boolean;
  readonly #made = new Map<Schema, Map<Partitions, FileLayout>>();

  constructor(fields: readonly Field[], partitions: readonly Field[], isSame: boolean) {
    this.#fields = fields;
    this.#partitions = new Map(partitions.map((field) => [field.name, field]));
    this.#isSame = isSame;
  }

  get(schema: Schema, partitions: Partitions): FileLayout {
    const ofSchema = this.#made.get(schema) ?? new Map<Partitions, FileLayout>();
    this.#made.set(schema, ofSchema);
    const layout = ofSchema.get(partitions) ?? this.#create(schema, partitions);
    ofSchema.set(partitions, layout);
    return layout;
  }

  #create({ fields }: Schema, partitions: Partitions): FileLayout {
    const indices = new Map(fields.map(({ name }, i) => [name, i]));
    const columns = this.#fields.map(({ name, type }, i): NarrowedColumn => {
      const text = partitions.get(name);
      if (text !== undefined) return { kind: "constant", ...toPartitionValue(this.#partitions.get(name)!, text) };
      if (this.#isSame) return { kind: "own", index: i };
      const index = indices.get(name);
      const isNull = index === undefined || (fields[index]!.type.kind === "null" && type.kind !== "null");
      return isNull ? { kind: "constant", value: undefined } : { kind: "own", index };
    });
    return { fields, columns, isSame: this.#isSame };
  }
}

function sumFacts(files: readonly FileInFolder[], schemaHeader: Uint8Array): ParquetFacts {
  const sum = (of: (facts: ParquetFacts) => bigint): bigint =>
    files.reduce((total, { facts }) => total + of(facts), 0n);
  const isGrouped = files.length <= groupedFilesMax;
  const rowGroups: readonly RowGroupFacts[] = files.flatMap(({ facts }) =>
    isGrouped ? facts.rowGroups : [{ rowCount: Number(facts.rowCount), byteLength: Number(facts.byteLength) }],
  );
  const [rowCount, byteLength] = [sum((facts) => facts.rowCount), sum((facts) => facts.byteLength)];
  return { rowCount, byteLength, schemaHeader, rowGroups, heldBytes: schemaHeader.byteLength };
}
