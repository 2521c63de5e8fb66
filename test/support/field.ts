import type { DataType, Field } from "../../src/arrow/index.ts";

/** A field that may be null, without metadata. */
export function field(name: string, type: DataType, children: Field[] = []): Field {
  return { name, nullable: true, type, children, metadata: new Map() };
}
