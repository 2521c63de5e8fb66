import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Random } from "./random.ts";

/*
 * Messages that cost more than their bytes: many elements in few bytes, deep nesting, long strings, and lies about lengths.
 * Each shape takes the message it is for, and about how many bytes it is to have.
 */

/** Makes the bytes of a message. */
export type Shape = (random: Random, schema: DescMessage, byteLength: number) => Buffer;

/** Shapes of binary messages, by name. */
export const binaryShapes: Readonly<Record<string, Shape>> = {
  empty: () => Buffer.alloc(0),
  "unknown varints": (random, _schema, size) => repeat(field(random.pick([15, 14, 500, 100_000]), 0, [0]), size),
  "unknown strings": (random, _schema, size) => repeat(field(random.pick([15, 2000]), 2, [0]), size),
  "a field again and again": (random, schema, size) => repeat(field(numberOf(random, schema), 2, [0]), size),
  "a field of one byte": (random, schema, size) => repeat(field(numberOf(random, schema), 2, [1, 0x61]), size),
  "a field with fields": (random, schema, size) => {
    const number = numberOf(random, schema);
    return delimited(number, repeat(field(1 + random.below(6), 2, [0]), size));
  },
  "a long string": (random, schema, size) => delimited(numberOf(random, schema), Buffer.alloc(size, 0x61)),
  "a long string of line feeds": (random, schema, size) => delimited(numberOf(random, schema), Buffer.alloc(size, 10)),
  "a string that is not UTF-8": (random, schema, size) => delimited(numberOf(random, schema), Buffer.alloc(size, 0xff)),
  "a string in Chinese": (random, schema, size) =>
    delimited(numberOf(random, schema), Buffer.from("价".repeat(Math.ceil(size / 3)))),
  "nested messages": (random, schema, size) => {
    const number = numberOf(random, schema);
    let message: Buffer = Buffer.alloc(0);
    while (message.length < Math.min(size, 20_000)) message = delimited(number, message);
    return message;
  },
  "open groups": (random, _schema, size) => repeat(Buffer.from(varint(random.pick([9, 15, 200]) * 8 + 3)), size),
  "groups in a group": (_random, _schema, size) =>
    Buffer.concat([Buffer.from([0x7b]), repeat(Buffer.from([0x73, 0x74]), size), Buffer.from([0x7c])]),
  "wrong wire types": (random, schema, size) =>
    repeat(field(numberOf(random, schema), random.pick([0, 1, 5, 6, 7]), Array(8).fill(0)), size),
  "a length that is a lie": (random, schema) =>
    Buffer.from(field(numberOf(random, schema), 2, varint(random.pick([5, 2 ** 20, 2 ** 31, 2 ** 32 - 1])))),
  "long varints": (_random, _schema, size) => repeat(Buffer.from([0x08, ...Array<number>(9).fill(0xff), 1]), size),
  noise: (random, _schema, size) => random.bytes(Math.min(size, 65_536)),
};

/** Shapes of JSON messages, by name. */
export const jsonShapes: Readonly<Record<string, Shape>> = {
  empty: () => Buffer.from("{}"),
  "empty lists in an unknown field": (_random, _schema, size) => json('{"x":[', "[],", size, "[]]}"),
  "empty objects in an unknown field": (_random, _schema, size) => json('{"x":[', "{},", size, "{}]}"),
  "numbers in an unknown field": (_random, _schema, size) => json('{"x":[', "0,", size, "0]}"),
  "open lists": (_random, _schema, size) => json('{"x":', "[", size, ""),
  "nested lists": (_random, _schema, size) => Buffer.from(`{"x":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`),
  "open objects": (_random, _schema, size) => json("", '{"a":', size, ""),
  "many keys": (_random, _schema, size) => {
    let text = "{";
    for (let i = 0; text.length < Math.min(size, 4 << 20); i++) text += `"k${i}":0,`;
    return Buffer.from(`${text}"z":0}`);
  },
  "the same key": (random, schema, size) => json("{", `"${nameOf(random, schema)}":"",`, size, '"z":0}'),
  "a list of empty strings": (random, schema, size) => json(`{"${nameOf(random, schema)}":[`, '"",', size, '""]}'),
  "a list of objects": (random, schema, size) => json(`{"${nameOf(random, schema)}":[`, "{},", size, "{}]}"),
  "a long string": (random, schema, size) => json(`{"${nameOf(random, schema)}":"`, "a", size, '"}'),
  "a string of quotes": (random, schema, size) => json(`{"${nameOf(random, schema)}":"`, '\\"', size, '"}'),
  "a string of half surrogates": (random, schema, size) =>
    json(`{"${nameOf(random, schema)}":"`, "\\ud800", size, '"}'),
  "many digits": (random, schema, size) => json(`{"${nameOf(random, schema)}":"`, "1", size, '"}'),
  "a number of many digits": (random, schema, size) => json(`{"${nameOf(random, schema)}":`, "1", size, "}"),
  "a long key": (_random, _schema, size) => json('{"', "k", size, '":0}'),
  space: (_random, _schema, size) => json("{", " ", size, "}"),
  "a string without an end": (_random, _schema, size) => json('{"x":"', "\\\\", size, ""),
  "no JSON": (random, _schema, size) => random.bytes(Math.min(size, 65_536)),
  "many of it": (_random, _schema, size) => json("", "{}", size, ""),
};

function json(start: string, item: string, byteLength: number, end: string): Buffer {
  return Buffer.concat([Buffer.from(start), repeat(Buffer.from(item), byteLength), Buffer.from(end)]);
}

function repeat(item: Uint8Array, byteLength: number): Buffer {
  const count = Math.max(1, Math.floor(byteLength / item.byteLength));
  return Buffer.alloc(count * item.byteLength, item);
}

function numberOf(random: Random, schema: DescMessage): number {
  return fieldOf(random, schema)?.number ?? 1;
}

function nameOf(random: Random, schema: DescMessage): string {
  return fieldOf(random, schema)?.jsonName ?? "x";
}

function fieldOf(random: Random, { fields }: DescMessage): DescField | undefined {
  return fields.length === 0 || random.chance(0.05) ? undefined : random.pick(fields);
}

/** A field with its tag; the value is in bytes as they are on the wire. */
export function field(number: number, wireType: number, value: readonly number[]): Buffer {
  return Buffer.from([...varint(number * 8 + wireType), ...value]);
}

/** A field whose value has its length before it. */
export function delimited(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([field(number, 2, varint(value.byteLength)), value]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 0x7f; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}
