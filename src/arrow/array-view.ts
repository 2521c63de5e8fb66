import { FlightError } from "../flight/index.ts";
import type { RecordBatchLayout } from "./message.ts";
import { ByteRange, PiecedBytes } from "./pieced-bytes.ts";
import { arrayStorage, readOnlyStorage, type ArrayStorage, type ReadOnlyStorage } from "./array-storage.ts";
import type { Field } from "./schema.ts";

/** An Arrow array in memory, without decoding: the positions of its buffers. */
export interface ArrayView {
  /** The field of the array. */
  readonly field: Field;
  /** The layout of the array. */
  readonly storage: ArrayStorage | ReadOnlyStorage;
  /** The number of elements. */
  readonly length: number;
  /** The position of the first element in the buffers, in elements. Children of structs and fixed-size lists start there too. */
  readonly offset: number;
  /** The validity bitmap: a set bit marks an element that is not null. Undefined if no element is null. */
  readonly validity: ByteRange | undefined;
  /** The other buffers, in the order of the format. */
  readonly buffers: readonly ByteRange[];
  /** The child arrays. */
  readonly children: readonly ArrayView[];
}

/** The largest row count of a batch, inclusive: what Arrow's format asks implementations to stay below. */
const rowCountMax = 2 ** 31 - 1;

/** The parts of a record batch, for `viewRecordBatch`. */
export interface RecordBatchParts {
  /** The columns; for a dictionary batch, the field of its values. */
  readonly fields: readonly Field[];
  /** The layout, see `decodeMessage`. */
  readonly layout: RecordBatchLayout;
  /** The body, in pieces. */
  readonly body: readonly Uint8Array[];
  /** Whether the arrays are only read, not sliced. Unions and run-end encoding are allowed only then. False by default. */
  readonly isReadOnly?: boolean;
}

/**
 * Finds the arrays of a record batch in its body. Nothing is copied.
 *
 * The function checks that the nodes and buffers match the schema, that each buffer is inside the body and long enough for
 * its rows, that buffers do not overlap, and that the last offset of a list is inside its items. It does not check the
 * other offsets or the values.
 *
 * @throws FlightError INVALID_ARGUMENT, with the column, if the batch does not match the schema; UNIMPLEMENTED if the body
 * is compressed, or if it has a union or run-end encoding and `isReadOnly` is not set
 */
export function viewRecordBatch(parts: RecordBatchParts): readonly ArrayView[] {
  const { layout } = parts;
  if (layout.compression) {
    const codec = layout.compression.toUpperCase();
    throw new FlightError(
      "unimplemented",
      `record batches with ${codec} compressed bodies are not supported; send them uncompressed`,
    );
  }
  if (layout.rowCount > rowCountMax) {
    throw new FlightError(
      "invalid_argument",
      `a record batch has ${layout.rowCount} rows; the maximum is ${rowCountMax}`,
    );
  }
  const walk = new Walk(layout, new PiecedBytes(parts.body), parts.isReadOnly ?? false);
  const arrays = parts.fields.map((field) => {
    const array = walk.next(field);
    check(array.length === layout.rowCount, field, `has ${array.length} values in a batch of ${layout.rowCount} rows`);
    return array;
  });
  walk.assertDone();
  return arrays;
}

/** The field of the values that a dictionary's batches hold: the dictionary's column itself, not its indices. */
export function dictionaryValueField(field: Field): Field {
  const { name, nullable, type, children, metadata } = field;
  return { name, nullable, type, children, metadata };
}

class Walk {
  readonly #layout: RecordBatchLayout;
  readonly #body: PiecedBytes;
  readonly #isReadOnly: boolean;
  #nodeIndex = 0;
  #bufferIndex = 0;
  #variadicIndex = 0;
  #bufferBytes = 0;

  constructor(layout: RecordBatchLayout, body: PiecedBytes, isReadOnly: boolean) {
    this.#layout = layout;
    this.#body = body;
    this.#isReadOnly = isReadOnly;
  }

  /** The array of a field, taking its nodes and buffers, and those of its children. */
  next(field: Field): ArrayView {
    const storage = (this.#isReadOnly ? readOnlyStorage(field) : undefined) ?? arrayStorage(field);
    const node = this.#layout.nodes[this.#nodeIndex++];
    check(node, field, "has no node in the record batch");
    const { length, nullCount } = node;
    check(nullCount <= length, field, `has ${nullCount} nulls among ${length} values`);
    const validity = this.#validity(field, storage, node);
    const buffers = this.#buffers(field, storage, length);
    const children = field.dictionary ? [] : field.children.map((child) => this.next(child));
    const array = { field, storage, length, offset: 0, validity, buffers, children };
    checkChildren(array);
    return array;
  }

  assertDone(): void {
    const { nodes, buffers, variadicCounts } = this.#layout;
    const isDone =
      this.#nodeIndex === nodes.length &&
      this.#bufferIndex === buffers.length &&
      this.#variadicIndex === variadicCounts.length;
    if (!isDone) throw new FlightError("invalid_argument", "a record batch has more buffers than its schema");
    // What several columns share would be stored as often, of which the bytes that came say nothing.
    if (this.#bufferBytes > this.#body.byteLength)
      throw new FlightError("invalid_argument", "a record batch has buffers that share bytes of its body");
  }

  #validity(
    field: Field,
    storage: ArrayView["storage"],
    node: { length: number; nullCount: number },
  ): ByteRange | undefined {
    if (hasNoValidity(storage)) return undefined;
    const validity = this.#nextBuffer(field, node.nullCount === 0 ? 0 : Math.ceil(node.length / 8));
    return node.nullCount === 0 ? undefined : validity;
  }

  #buffers(field: Field, storage: ArrayView["storage"], length: number): ByteRange[] {
    switch (storage.kind) {
      case "null":
      case "struct":
      case "fixed_size_list":
      case "runs":
        return [];
      case "sparse_union":
        return [this.#nextBuffer(field, length)];
      case "dense_union":
        return [this.#nextBuffer(field, length), this.#nextBuffer(field, 4 * length)];
      case "fixed":
        return [this.#nextBuffer(field, Math.ceil((length * storage.bitWidth) / 8))];
      case "list":
        return [this.#nextBuffer(field, length === 0 ? 0 : (length + 1) * storage.offsetByteWidth)];
      case "variable":
        return [
          this.#nextBuffer(field, length === 0 ? 0 : (length + 1) * storage.offsetByteWidth),
          this.#nextBuffer(field, 0),
        ];
      case "list_view":
        return [
          this.#nextBuffer(field, length * storage.offsetByteWidth),
          this.#nextBuffer(field, length * storage.offsetByteWidth),
        ];
      case "view": {
        const dataCount = this.#layout.variadicCounts[this.#variadicIndex++];
        check(dataCount !== undefined, field, "has no count of its data buffers in the record batch");
        const buffers = [this.#nextBuffer(field, length * 16)];
        for (let i = 0; i < dataCount; i++) buffers.push(this.#nextBuffer(field, 0));
        return buffers;
      }
    }
  }

  #nextBuffer(field: Field, byteLengthMin: number): ByteRange {
    const buffer = this.#layout.buffers[this.#bufferIndex++];
    check(buffer, field, "has fewer buffers in the record batch than its type needs");
    const { byteOffset, byteLength } = buffer;
    check(byteLength >= byteLengthMin, field, `has a buffer of ${byteLength} bytes; ${byteLengthMin} are needed`);
    this.#bufferBytes += byteLength;
    return this.#body.range(byteOffset, byteLength);
  }
}

/** Whether an array has no validity buffer of its own. */
function hasNoValidity({ kind }: ArrayView["storage"]): boolean {
  return kind === "null" || kind === "runs" || kind === "sparse_union" || kind === "dense_union";
}

/** How many children an array has by its storage; others have as many as their field. */
const childCounts: Partial<Record<ArrayView["storage"]["kind"], number>> = {
  list: 1,
  list_view: 1,
  fixed_size_list: 1,
  runs: 2,
};

function checkChildren({ field, storage, length, children }: ArrayView): void {
  const childCount = childCounts[storage.kind] ?? children.length;
  check(children.length === childCount, field, `has ${children.length} children; its type has ${childCount}`);
  const lengthMin =
    storage.kind === "struct" || storage.kind === "sparse_union"
      ? length
      : storage.kind === "fixed_size_list"
        ? length * storage.listSize
        : 0;
  for (const child of children) {
    check(
      child.length >= lengthMin,
      field,
      `has ${child.length} values in ${child.field.name}, ${lengthMin} are needed`,
    );
  }
}

function check(condition: unknown, field: Field, problem: string): asserts condition {
  if (!condition) throw new FlightError("invalid_argument", `column ${field.name} ${problem}`);
}
