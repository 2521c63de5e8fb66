import { GrowingBytes } from "./growing-bytes.ts";
import { ThriftCursor, thriftType } from "./thrift-cursor.ts";

/** Returns the new value of an integer; undefined to remove the field. */
export type IntegerEdit = (value: number) => number | undefined;

/** The changes of the structs in a list. */
export interface ListEdits {
  /** Returns the changes of a struct by its index in the list. */
  readonly element: (index: number) => StructEdits;
}

/** The change of a field: of an integer, of a struct, or of a list of structs. */
export type FieldEdit = IntegerEdit | StructEdits | ListEdits;

/** The changes of a struct, by the ids of its fields. */
export type StructEdits = ReadonlyMap<number, FieldEdit>;

/**
 * Changes integers of an encoded struct. All other bytes are copied, which takes a tenth of the time of decoding and
 * encoding them. A field that does not exist, or has another type, is not changed.
 *
 * @throws RangeError if the bytes are not a struct, or end early
 */
export function editThriftStruct(bytes: Uint8Array, edits: StructEdits): Uint8Array {
  const editor = new Editor(bytes);
  editor.struct(edits);
  return editor.finish();
}

const integerTypes: ReadonlySet<number> = new Set([thriftType.i16, thriftType.i32, thriftType.i64]);

class Editor {
  readonly #source: Uint8Array;
  readonly #cursor: ThriftCursor;
  readonly #target: GrowingBytes;
  /** The end of the bytes that were copied or replaced. */
  #doneEnd = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#cursor = new ThriftCursor(source);
    // Numbers that get larger take some bytes more.
    this.#target = new GrowingBytes(source.byteLength + (source.byteLength >> 2));
  }

  finish(): Uint8Array {
    this.#copyTo(this.#cursor.byteOffset);
    return this.#target.finish();
  }

  struct(edits: StructEdits): void {
    const cursor = this.#cursor;
    let fieldStart = cursor.byteOffset;
    let keptId = 0;
    let followsRemoved = false;
    cursor.struct((id, type) => {
      const edit = edits.get(id);
      const valueStart = cursor.byteOffset;
      const isInteger = typeof edit === "function" && integerTypes.has(type);
      const value = isInteger ? cursor.integer() : undefined;
      const edited = isInteger ? edit(value!) : undefined;
      if (isInteger && edited === undefined) {
        this.#copyTo(fieldStart);
        this.#doneEnd = cursor.byteOffset;
        followsRemoved = true;
      } else {
        if (followsRemoved) this.#replaceHeader(fieldStart, valueStart, { id, type, keptId });
        if (edited === undefined) this.#value(edit, type);
        else if (edited !== value) this.#replaceInteger(valueStart, edited);
        followsRemoved = false;
        keptId = id;
      }
      fieldStart = cursor.byteOffset;
      return true;
    });
  }

  /** Passes a value at the cursor, and changes structs in it. */
  #value(edit: FieldEdit | undefined, type: number): void {
    const cursor = this.#cursor;
    if (edit instanceof Map && type === thriftType.struct) this.struct(edit as StructEdits);
    else if (edit !== undefined && "element" in edit && type === thriftType.list) {
      cursor.list((index, elementType) => {
        if (elementType === thriftType.struct) this.struct(edit.element(index));
        return elementType === thriftType.struct;
      });
    } else if (type !== thriftType.true && type !== thriftType.false) cursor.skip(type);
  }

  #replaceInteger(valueStart: number, value: number): void {
    this.#copyTo(valueStart);
    this.#zigzag(value);
    this.#doneEnd = this.#cursor.byteOffset;
  }

  /** Writes the header of a field again, because it counts from the previous field, which was removed. */
  #replaceHeader(
    fieldStart: number,
    valueStart: number,
    { id, type, keptId }: { id: number; type: number; keptId: number },
  ): void {
    this.#copyTo(fieldStart);
    const delta = id - keptId;
    const isShort = delta > 0 && delta < 16;
    this.#target.byte(isShort ? (delta << 4) | type : type);
    if (!isShort) this.#zigzag(id);
    this.#doneEnd = valueStart;
  }

  #zigzag(value: number): void {
    this.#target.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #copyTo(end: number): void {
    if (end > this.#doneEnd) this.#target.append(this.#source.subarray(this.#doneEnd, end));
    this.#doneEnd = end;
  }
}
