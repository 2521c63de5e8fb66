import { thriftValuesMax } from "./limits.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { ThriftCursor, thriftType } from "./thrift-cursor.ts";

/*
 * The Thrift compact protocol, as far as Parquet's footers and page indexes use it. Unknown fields are kept, and
 * written again unchanged. Source: thrift-compact-protocol.md of Apache Thrift.
 */

export { thriftType };

/** A value: an integer of any width, a double, bytes or text, a collection, or a struct that may be encoded already. */
export type ThriftValue = boolean | bigint | number | Uint8Array | ThriftList | ThriftMap | ThriftStruct;

/** A list or a set. */
export interface ThriftList {
  readonly elementType: number;
  readonly elements: readonly ThriftValue[];
}

/** A map, as pairs in their order. */
export interface ThriftMap {
  readonly keyType: number;
  readonly valueType: number;
  readonly entries: readonly (readonly [ThriftValue, ThriftValue])[];
}

/** A field's type on the wire and its value. */
export interface ThriftField {
  readonly type: number;
  readonly value: ThriftValue;
}

/** Fields by id. */
export type ThriftStruct = Map<number, ThriftField>;

const depthMax = 64;

/** The memory of an empty struct, in values. */
const structValues = 4;

/** How a struct is read. */
export interface ThriftDecodeOptions {
  /** The ids of fields with lists of structs whose elements stay encoded, as views of the bytes. */
  readonly encodedElementsOf?: readonly number[];
}

/**
 * Decodes a struct. Binary values are views of `bytes`.
 *
 * @throws RangeError if the bytes end early, are nested deeper than 64 levels, or have more than `thriftValuesMax`
 * values
 */
export function decodeThriftStruct(bytes: Uint8Array, options: ThriftDecodeOptions = {}): ThriftStruct {
  return new ThriftReader(bytes, options.encodedElementsOf).struct(0);
}

/** Decodes a struct that other bytes may follow, as `decodeThriftStruct`. Also returns its length in bytes. */
export function decodeThriftPrefix(bytes: Uint8Array): { struct: ThriftStruct; byteLength: number } {
  const reader = new ThriftReader(bytes);
  const struct = reader.struct(0);
  return { struct, byteLength: reader.byteOffset };
}

/** Encodes a struct. A struct value may also be the bytes of an encoded struct. */
export function encodeThriftStruct(struct: ThriftStruct): Uint8Array {
  const writer = new ThriftWriter();
  writer.struct(struct);
  return writer.finish();
}

class ThriftReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #encodedElementsOf: readonly number[];
  #at = 0;
  #valuesLeft = thriftValuesMax;

  constructor(bytes: Uint8Array, encodedElementsOf: readonly number[] = []) {
    this.#bytes = bytes;
    this.#encodedElementsOf = encodedElementsOf;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Where it is, in bytes. */
  get byteOffset(): number {
    return this.#at;
  }

  struct(depth: number): ThriftStruct {
    if (depth > depthMax) throw new RangeError(`a Thrift struct is nested deeper than ${depthMax} levels`);
    this.#spend(structValues);
    const fields: ThriftStruct = new Map();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const type = head & 0x0f;
      const delta = head >> 4;
      id = delta === 0 ? Number(this.#zigzag()) : id + delta;
      if (depth === 0 && this.#encodedElementsOf.includes(id) && type === thriftType.list) {
        fields.set(id, { type, value: this.#encodedElements() });
        continue;
      }
      const isBoolean = type === thriftType.true || type === thriftType.false;
      fields.set(id, { type, value: isBoolean ? type === thriftType.true : this.#value(type, depth) });
    }
    return fields;
  }

  #value(type: number, depth: number): ThriftValue {
    this.#spend(1);
    switch (type) {
      case thriftType.true:
      case thriftType.false:
        return this.#byte() === thriftType.true;
      case thriftType.byte:
        return BigInt.asIntN(8, BigInt(this.#byte()));
      case thriftType.i16:
      case thriftType.i32:
      case thriftType.i64:
        return this.#zigzag();
      case thriftType.double:
        return this.#view.getFloat64(this.#skip(8), true);
      case thriftType.binary: {
        const byteLength = this.#count();
        const start = this.#skip(byteLength);
        return this.#bytes.subarray(start, start + byteLength);
      }
      case thriftType.list:
      case thriftType.set:
        return this.#list(depth);
      case thriftType.map:
        return this.#map(depth);
      case thriftType.struct:
        return this.struct(depth + 1);
      default:
        throw new RangeError(`${type} is not a Thrift type`);
    }
  }

  #spend(valueCount: number): void {
    this.#valuesLeft -= valueCount;
    if (this.#valuesLeft < 0) throw new RangeError(`a Thrift struct has more than ${thriftValuesMax} values`);
  }

  #list(depth: number): ThriftList {
    const { elementType, count } = this.#listHead();
    const elements: ThriftValue[] = [];
    for (let i = 0; i < count; i++) elements.push(this.#value(elementType, depth + 1));
    return { elementType, elements };
  }

  #encodedElements(): ThriftList {
    const { elementType, count } = this.#listHead();
    const elements: Uint8Array[] = [];
    const cursor = new ThriftCursor(this.#bytes, this.#at);
    for (let i = 0; i < count; i++) {
      const start = cursor.byteOffset;
      cursor.skip(elementType);
      elements.push(this.#bytes.subarray(start, cursor.byteOffset));
    }
    this.#at = cursor.byteOffset;
    return { elementType, elements };
  }

  #listHead(): { elementType: number; count: number } {
    const head = this.#byte();
    return { elementType: head & 0x0f, count: head >> 4 === 15 ? this.#count() : head >> 4 };
  }

  #map(depth: number): ThriftMap {
    const count = this.#count();
    const types = count === 0 ? 0 : this.#byte();
    const keyType = types >> 4;
    const valueType = types & 0x0f;
    const entries: [ThriftValue, ThriftValue][] = [];
    for (let i = 0; i < count; i++) entries.push([this.#value(keyType, depth + 1), this.#value(valueType, depth + 1)]);
    return { keyType, valueType, entries };
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  /** Advances the position. Returns the previous one. */
  #skip(byteLength: number): number {
    const start = this.#at;
    if (start + byteLength > this.#bytes.byteLength) throw new RangeError("a Thrift struct ends early");
    this.#at += byteLength;
    return start;
  }

  #count(): number {
    return Number(this.#varint());
  }

  #zigzag(): bigint {
    const value = this.#varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  #varint(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("a Thrift integer is longer than 64 bits");
  }
}

class ThriftWriter {
  readonly #bytes = new GrowingBytes();

  finish(): Uint8Array {
    return this.#bytes.finish();
  }

  struct(struct: ThriftStruct): void {
    let previous = 0;
    for (const [id, { type, value }] of [...struct].toSorted(([a], [b]) => a - b)) {
      const isBoolean = typeof value === "boolean";
      const wireType = isBoolean ? (value ? thriftType.true : thriftType.false) : type;
      const delta = id - previous;
      if (delta > 0 && delta < 16) this.#bytes.byte((delta << 4) | wireType);
      else {
        this.#bytes.byte(wireType);
        this.#zigzag(BigInt(id));
      }
      if (!isBoolean) this.#value(type, value);
      previous = id;
    }
    this.#bytes.byte(0);
  }

  #value(type: number, value: ThriftValue): void {
    if (typeof value === "boolean") this.#bytes.byte(value ? thriftType.true : thriftType.false);
    else if (typeof value === "bigint") {
      if (type === thriftType.byte) this.#bytes.byte(Number(value) & 0xff);
      else this.#zigzag(value);
    } else if (typeof value === "number") this.#double(value);
    else if (value instanceof Uint8Array) {
      if (type === thriftType.binary) this.#varint(BigInt(value.byteLength));
      this.#bytes.append(value);
    } else if (value instanceof Map) this.struct(value);
    else if ("elements" in value) this.#list(value);
    else this.#map(value);
  }

  #list({ elementType, elements }: ThriftList): void {
    if (elements.length < 15) this.#bytes.byte((elements.length << 4) | elementType);
    else {
      this.#bytes.byte(0xf0 | elementType);
      this.#varint(BigInt(elements.length));
    }
    for (const element of elements) this.#value(elementType, element);
  }

  #map({ keyType, valueType, entries }: ThriftMap): void {
    this.#varint(BigInt(entries.length));
    if (entries.length > 0) this.#bytes.byte((keyType << 4) | valueType);
    for (const [key, value] of entries) {
      this.#value(keyType, key);
      this.#value(valueType, value);
    }
  }

  #double(value: number): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    this.#bytes.append(bytes);
  }

  #zigzag(value: bigint): void {
    this.#varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  #varint(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#bytes.byte(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#bytes.byte(Number(rest));
  }
}
