import { decodeSchema, encodeSchema, withoutDictionaries, type Field, type Schema } from "../../arrow/index.ts";
import type { FolderDataset } from "../folder/folder-dataset.ts";

/** Files that are joined, and the schema that the new file declares. */
export interface PlainSource {
  readonly source: FolderDataset;
  /** Undefined if it is that of the source. */
  readonly declared: Schema | undefined;
}

/**
 * Returns files with plain values instead of dictionaries and views. Each file has dictionaries of its own, and a row group can have
 * only one version of a dictionary, so each file would become a row group. Parquet makes its own dictionaries of the values. Views
 * refer to memory of their batch, so rows of several batches could not be sorted.
 */
export function toPlainSource(source: FolderDataset): PlainSource {
  if (!source.fields.some(isAdapted)) return { source, declared: undefined };
  const declared = decodeSchema(source.facts.schemaHeader);
  const fields = source.fields.map((field) => withoutViews(withoutDictionaries(field)));
  const schemaHeader = encodeSchema({ fields, metadata: declared.metadata });
  const files = source.files.map((file) => ({ ...file, layout: { ...file.layout, isSame: false } }));
  return { declared, source: { ...source, fields, files, facts: { ...source.facts, schemaHeader } } };
}

function isAdapted({ dictionary, type, children }: Field): boolean {
  return dictionary !== undefined || type.kind in plainKinds || children.some(isAdapted);
}

const plainKinds: Readonly<Record<string, "utf8" | "binary">> = { utf8_view: "utf8", binary_view: "binary" };

function withoutViews(field: Field): Field {
  const plain = plainKinds[field.type.kind];
  return { ...field, ...(plain && { type: { kind: plain } }), children: field.children.map(withoutViews) };
}
