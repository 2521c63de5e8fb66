/** Types as they are on the wire. A boolean field's type holds its value. */
export const thriftType = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;

/** How deep structs and lists are followed. Parquet's own structures are nested ten levels deep. */
const depthMax = 64;

/**
 * A cursor over encoded structs. It decodes only the requested parts, so footers of hundreds of megabytes are scanned
 * at about the speed of reading them. Every method throws a RangeError if the bytes end early.
 */
export class ThriftCursor {
  readonly #bytes: Uint8Array;
  #at: number;

  /** @param byteOffset - the start position */
  constructor(bytes: Uint8Array, byteOffset = 0) {
    this.#bytes = bytes;
    this.#at = byteOffset;
  }

  /** Where it is, in bytes. */
  get byteOffset(): number {
    return this.#at;
  }

  /** Walks over the fields of a struct. @param visit - reads a field's value, or returns false to have it skipped */
  struct(visit: (id: number, type: number) => boolean): void {
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const type = head & 0x0f;
      id = head >> 4 === 0 ? this.integer() : id + (head >> 4);
      const isBoolean = type === thriftType.true || type === thriftType.false;
      if (!visit(id, type) && !isBoolean) this.#skip(type, 0);
    }
  }

  /** Walks over a list. @param visit - reads an element, or returns false to have it skipped */
  list(visit: (index: number, elementType: number) => boolean): void {
    const head = this.#byte();
    const elementType = head & 0x0f;
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    for (let i = 0; i < count; i++) if (!visit(i, elementType)) this.#skip(elementType, 0);
  }

  /** Reads an integer; one beyond 2^53 is not exact. */
  integer(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Skips a value of a type. */
  skip(type: number): void {
    this.#skip(type, 0);
  }

  #skip(type: number, depth: number): void {
    if (depth > depthMax) throw new RangeError(`a Thrift value is nested deeper than ${depthMax} levels`);
    switch (type) {
      case thriftType.true:
      case thriftType.false:
      case thriftType.byte:
        return this.#move(1);
      case thriftType.i16:
      case thriftType.i32:
      case thriftType.i64:
        this.#varint();
        return;
      case thriftType.double:
        return this.#move(8);
      case thriftType.binary:
        return this.#move(this.#varint());
      case thriftType.list:
      case thriftType.set: {
        const head = this.#byte();
        const count = head >> 4 === 15 ? this.#varint() : head >> 4;
        for (let i = 0; i < count; i++) this.#skip(head & 0x0f, depth + 1);
        return;
      }
      case thriftType.map: {
        const count = this.#varint();
        const types = count === 0 ? 0 : this.#byte();
        for (let i = 0; i < count; i++) {
          this.#skip(types >> 4, depth + 1);
          this.#skip(types & 0x0f, depth + 1);
        }
        return;
      }
      case thriftType.struct:
        for (let head = this.#byte(); head !== 0; head = this.#byte()) {
          if (head >> 4 === 0) this.#varint();
          if ((head & 0x0f) > thriftType.false) this.#skip(head & 0x0f, depth + 1);
        }
        return;
      default:
        throw new RangeError(`${type} is not a Thrift type`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new RangeError("a Thrift struct ends early");
    return byte;
  }

  #move(byteLength: number): void {
    this.#at += byteLength;
    if (this.#at > this.#bytes.byteLength) throw new RangeError("a Thrift struct ends early");
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a Thrift integer is longer than 64 bits");
  }
}
