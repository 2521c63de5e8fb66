import { kibi } from "../flight/index.ts";

/** Limits of schemas and record batches, each with its reason. Counts are inclusive. */

/** The maximum nesting of fields in a schema. The stack of parquet-wasm in a worker ends at a few hundred levels. */
export const fieldDepthMax = 64;

/**
 * The maximum number of fields in a schema, including nested ones. A flatbuffer of a few kilobytes can declare
 * billions.
 */
export const fieldCountMax = 65_536;

/**
 * The maximum ratio of a decoded schema to the bytes of its message. Normal writers do not share data between fields,
 * so their ratio is below 1.
 */
export const schemaExpansionMax = 2;

/** The size to which every schema may expand, in bytes. */
export const schemaFreeBytes = 4 * kibi;

/** The maximum number of buffers in a record batch: three for each of the allowed fields, and data buffers of views. */
export const bufferCountMax = 262_144;
