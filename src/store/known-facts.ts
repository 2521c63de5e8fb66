import { countColumns } from "../arrow/index.ts";
import type { ParquetFacts } from "../parquet/index.ts";
import type { FileVersion } from "../storage/index.ts";
import type { SharedMemory } from "./facts-cache.ts";
import type { SharedBytes } from "./shared-bytes.ts";

/** What is known of a version of a dataset. It never changes. */
export interface KnownFacts {
  readonly facts: ParquetFacts;
  /** The number of columns at the top level. */
  readonly columnCount: number;
}

/** Returns the key of a version among all versions of all datasets. */
export function factsKey(name: string, { id }: Pick<FileVersion, "id">): string {
  return `${id}/${name}`;
}

/** Returns the id of the bytes of a version. It stays the same if only the status of its file changes. */
export function bytesIdOf({ id, bytesId = id }: Pick<FileVersion, "id" | "bytesId">): string {
  return bytesId;
}

/** Returns the key of the bytes of a dataset, by the id of the bytes. */
export function bytesKey(name: string, version: Pick<FileVersion, "id" | "bytesId">): string {
  return `${bytesIdOf(version)}/${name}`;
}

/** Returns what is known of a file with facts. */
export function toKnownFacts(facts: ParquetFacts): KnownFacts {
  return { facts, columnCount: countColumns(facts.schemaHeader) };
}

/** The memory of the objects of known facts without their arrays, in bytes. */
const objectBytes = 200;

/** Returns the memory of facts in bytes, without their schema, which is shared. */
export function ownBytesOf({ facts }: KnownFacts): number {
  return objectBytes + facts.heldBytes - facts.schemaHeader.byteLength;
}

/** Returns the schemas that the facts of several datasets share. */
export function sharedSchemas(schemas: SharedBytes): SharedMemory<KnownFacts> {
  return {
    get byteLength() {
      return schemas.byteLength;
    },
    use: (known) => ({ ...known, facts: { ...known.facts, schemaHeader: schemas.use(known.facts.schemaHeader) } }),
    release: ({ facts }) => schemas.release(facts.schemaHeader),
  };
}
