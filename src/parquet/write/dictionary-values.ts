import { dictionaryValueField, readScalars, readValidity, viewRecordBatch, type Field } from "../../arrow/index.ts";
import { openStream } from "../format/open-stream.ts";

/** The values of a string or binary dictionary, as in a dictionary page. */
export interface DictionaryValues {
  /** The distinct values in order, each with a length prefix. Source: the Parquet format, "Plain" encoding. */
  readonly plain: Uint8Array;
  /** The index of each value. The key is the value's bytes as Latin-1. */
  readonly indices: ReadonlyMap<string, number>;
}

/** Reads the values of a stream's dictionaries by id. Null values are omitted, because rows represent them. */
export function readDictionaryValues(stream: Uint8Array): Map<bigint, DictionaryValues> {
  const { schema, frames } = openStream(stream);
  const fields = new Map(schema.fields.flatMap(dictionaryFields).map((field) => [field.dictionary!.id, field]));
  const collected = new Map<bigint, Map<string, number>>();
  for (const { message, body } of frames) {
    if (message.kind !== "dictionary_batch") continue;
    const { id, isDelta, layout } = message;
    const [values] = viewRecordBatch({ fields: [dictionaryValueField(fields.get(id)!)], layout, body });
    const indices = (isDelta && collected.get(id)) || new Map<string, number>();
    collected.set(id, indices);
    const isValid = readValidity(values!);
    const valueAt = readScalars(values!);
    for (let i = 0; i < values!.length; i++) {
      const key = isValid(i) ? toKey(valueAt(i) as Uint8Array) : undefined;
      if (key !== undefined && !indices.has(key)) indices.set(key, indices.size);
    }
  }
  return new Map([...collected].map(([id, indices]) => [id, { indices, plain: encodePlain([...indices.keys()]) }]));
}

/**
 * Decodes the values of a dictionary page to keys of `DictionaryValues.indices`.
 *
 * @throws RangeError if the page ends early
 */
export function decodePlainKeys(page: Uint8Array): string[] {
  const keys: string[] = [];
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  for (let at = 0; at < page.byteLength;) {
    const end = at + 4 + view.getUint32(at, true);
    if (end > page.byteLength) throw new RangeError("a dictionary page ends in a value");
    keys.push(toKey(page.subarray(at + 4, end)));
    at = end;
  }
  return keys;
}

function dictionaryFields(field: Field): Field[] {
  return field.dictionary ? [field] : field.children.flatMap(dictionaryFields);
}

function toKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

function encodePlain(keys: readonly string[]): Uint8Array {
  const plain = Buffer.alloc(keys.reduce((sum, key) => sum + 4 + key.length, 0));
  let at = 0;
  for (const key of keys) {
    at = plain.writeUInt32LE(key.length, at);
    at += plain.write(key, at, "latin1");
  }
  return plain;
}
