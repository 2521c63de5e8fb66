import { toParquetFacts, type ParquetFacts } from "../parquet/index.ts";
import type { NewVersion } from "./dataset-writer.ts";
import type { KnownFacts } from "./known-facts.ts";

/**
 * The maximum size of all kept schemas in bytes: about 300 of 100 columns each. A single larger schema is kept as well,
 * so that repeated puts of it are not read again.
 */
const heldBytesMax = 8 * 1024 * 1024;

/** The part of known facts that depends only on the schema. */
type SchemaFacts = Pick<KnownFacts, "columnCount"> & Pick<ParquetFacts, "schemaHeader" | "shownSchema">;

/** The schemas of files that this process has written, so that the footers of later ones need not be read. */
export class WrittenSchemas {
  /** By digest, the most recently used last. */
  readonly #schemas = new Map<string, SchemaFacts>();
  #heldBytes = 0;

  /** Keeps the schema of a written file whose footer was read. */
  add({ written }: Pick<NewVersion, "written">, { facts, columnCount }: KnownFacts): void {
    if (written === undefined || this.#schemas.has(written.schemaDigest)) return;
    const { schemaHeader, shownSchema } = facts;
    this.#schemas.set(written.schemaDigest, { schemaHeader, shownSchema, columnCount });
    this.#heldBytes += schemaHeader.byteLength;
    for (const [digest, oldest] of this.#schemas) {
      if (this.#heldBytes <= heldBytesMax || this.#schemas.size === 1) return;
      this.#schemas.delete(digest);
      this.#heldBytes -= oldest.schemaHeader.byteLength;
    }
  }

  /** Returns what is known of a new version; undefined if its schema is not known. */
  find({ version, written }: Pick<NewVersion, "version" | "written">): KnownFacts | undefined {
    const schema = written && this.#schemas.get(written.schemaDigest);
    if (schema === undefined || written === undefined) return undefined;
    this.#schemas.delete(written.schemaDigest);
    this.#schemas.set(written.schemaDigest, schema);
    const { columnCount, ...parts } = schema;
    const sizes = { byteLength: BigInt(version.byteLength), rowGroups: written.rowGroups };
    return { facts: toParquetFacts({ ...parts, ...sizes }), columnCount };
  }
}
