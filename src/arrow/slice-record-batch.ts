import { BodyPlan } from "./body-plan.ts";
import { bitmapByteLength, copyBits, countBits } from "./bitmap.ts";
import { encodeBatchHeader, writeNullCounts } from "./encode-batch-header.ts";
import { createFrame, FlightError, type Allocate, type FlightFrame } from "../flight/index.ts";
import { ipcMessageByteLength, writeIpcMessage } from "./ipc-stream.ts";
import type { ArrayView } from "./array-view.ts";
import { ByteRange } from "./pieced-bytes.ts";
import { planViewBuffers } from "./slice-views.ts";

/** Which rows of a batch make up a slice, and as what. */
export interface SliceRange {
  /** The first row, from 0. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Makes it a dictionary batch with these rows as values. */
  readonly dictionaryId?: bigint;
  /** Whether the values are appended to the dictionary; by default, they replace its values. */
  readonly isDelta?: boolean;
}

/**
 * A slice of a record batch: some of its rows as a new batch. The constructor plans the slice and reads a few offsets. The
 * bytes are copied once, when the slice is written. No value is decoded.
 *
 * Bitmaps are shifted to start at a byte, and offsets to start at 0. Views keep only the data that they use. Buffers start
 * at multiples of 8 bytes.
 */
export class RecordBatchSlice {
  /** The number of rows. */
  readonly rowCount: number;
  /** The length of the body in bytes. */
  readonly bodyByteLength: number;
  /** The length and the null count of each node, in turns. A null count is right once the body has been written. */
  readonly #nodes: number[] = [];
  readonly #body = new BodyPlan();
  readonly #variadicCounts: number[] = [];
  readonly #dictionary: Pick<SliceRange, "dictionaryId" | "isDelta">;
  #encodedHeader: Uint8Array | undefined;

  /**
   * @param arrays - the columns of the batch, see `viewRecordBatch`
   * @throws FlightError INVALID_ARGUMENT, with the column, if an offset is out of range
   * @throws RangeError if the rows are outside of the batch
   */
  constructor(arrays: readonly ArrayView[], { rowStart, rowCount, ...dictionary }: SliceRange) {
    this.rowCount = rowCount;
    this.#dictionary = dictionary;
    for (const array of arrays) this.#plan(array, rowStart, rowCount);
    this.bodyByteLength = this.#body.byteLength;
  }

  /**
   * Returns the slice as a frame. Its body is one new array.
   *
   * @param allocate - returns memory for the body, which may have arbitrary content
   */
  toFrame(allocate: Allocate = (byteLength) => new Uint8Array(byteLength)): FlightFrame {
    const body = allocate(this.bodyByteLength);
    this.#writeBody(body);
    return createFrame({ header: this.#header(), body: body.byteLength === 0 ? [] : [body] });
  }

  /** The length of the slice in an IPC stream, in bytes. */
  get ipcByteLength(): number {
    return ipcMessageByteLength(createFrame({ header: this.#header() })) + this.bodyByteLength;
  }

  /** Writes the slice as an encapsulated message of an IPC stream. @returns the offset after the message, in bytes */
  writeIpc(target: Uint8Array, byteOffset: number): number {
    // The body is written first, to its place, because that counts the nulls.
    const bodyStart = byteOffset + this.ipcByteLength - this.bodyByteLength;
    this.#writeBody(target.subarray(bodyStart, bodyStart + this.bodyByteLength));
    writeIpcMessage(target, byteOffset, createFrame({ header: this.#header() }));
    return bodyStart + this.bodyByteLength;
  }

  #writeBody(body: Uint8Array): void {
    this.#body.writeTo(body);
    if (this.#encodedHeader) writeNullCounts(this.#encodedHeader, this.#nodes);
  }

  /** Encodes the header once. Its null counts are right once the body has been written, which counts them. */
  #header(): Uint8Array {
    return (this.#encodedHeader ??= encodeBatchHeader({
      rowCount: this.rowCount,
      nodes: this.#nodes,
      buffers: this.#body.places,
      variadicCounts: this.#variadicCounts,
      bodyByteLength: this.bodyByteLength,
      ...this.#dictionary,
    }));
  }

  #plan(array: ArrayView, start: number, count: number): void {
    if (start < 0 || start + count > array.length) {
      throw new RangeError(`rows ${start} to ${start + count} of an array of ${array.length}`);
    }
    this.#nodes.push(count, array.storage.kind === "null" ? count : 0);
    if (array.storage.kind !== "null") this.#planValidity(array.validity, array.offset + start, count);
    this.#planValues(array, array.offset + start, count);
  }

  #planValidity(validity: ByteRange | undefined, at: number, count: number): void {
    if (validity === undefined) return this.#body.addCopy(ByteRange.empty, 0, 0);
    const nullCountIndex = this.#nodes.length - 1;
    const write = (target: Uint8Array): void => {
      copyBits(validity, at, count, target);
      this.#nodes[nullCountIndex] = count - countBits(target);
    };
    this.#body.addWritten({ byteLength: bitmapByteLength(count), write });
  }

  #planFixed(values: ByteRange, { bitWidth, at, count }: { bitWidth: number; at: number; count: number }): void {
    if (bitWidth % 8 === 0) return this.#body.addCopy(values, (at * bitWidth) / 8, (count * bitWidth) / 8);
    const write = (target: Uint8Array): void => copyBits(values, at, count, target);
    this.#body.addWritten({ byteLength: bitmapByteLength(count), write });
  }

  /** Plans the buffers behind validity and the children; `at` counts from the start of the buffers. */
  #planValues(array: ArrayView, at: number, count: number): void {
    const { storage, children } = array;
    switch (storage.kind) {
      case "null":
        return;
      case "fixed":
        this.#planFixed(array.buffers[0]!, { bitWidth: storage.bitWidth, at, count });
        return;
      case "variable": {
        const [offsets, values] = array.buffers as [ByteRange, ByteRange];
        const { start, end, buffer } = planOffsets(array, offsets, { at, count, end: values.byteLength });
        this.#body.addWritten(buffer);
        this.#body.addCopy(values, start, end - start);
        return;
      }
      case "view": {
        const planned = planViewBuffers(array, at, count);
        this.#variadicCounts.push(planned.length - 1);
        for (const buffer of planned) this.#body.addWritten(buffer);
        return;
      }
      case "list": {
        const { start, end, buffer } = planOffsets(array, array.buffers[0]!, { at, count, end: children[0]!.length });
        this.#body.addWritten(buffer);
        this.#plan(children[0]!, start, end - start);
        return;
      }
      case "list_view": {
        const { start, end, offsets, sizes } = planListView(array, at, count);
        this.#body.addWritten(offsets);
        this.#body.addCopy(sizes.source, sizes.byteOffset, offsets.byteLength);
        this.#plan(children[0]!, start, end - start);
        return;
      }
      case "fixed_size_list":
        this.#plan(children[0]!, at * storage.listSize, count * storage.listSize);
        return;
      case "struct":
        for (const child of children) this.#plan(child, at, count);
        return;
      default:
        throw new RangeError(`an array of ${storage.kind} storage is not cut`);
    }
  }
}

interface OffsetRange {
  readonly at: number;
  readonly count: number;
  /** The upper limit of the last offset. */
  readonly end: number;
}

function planOffsets(array: ArrayView, offsets: ByteRange, { at, count, end: endMax }: OffsetRange) {
  const byteWidth = offsetByteWidth(array);
  // An array without elements may come without its one offset, and is read more widely with it.
  if (count === 0)
    return { start: 0, end: 0, buffer: { byteLength: byteWidth, write: (target: Uint8Array) => target.fill(0) } };
  const start = offsets.readInteger(at * byteWidth, byteWidth);
  const end = offsets.readInteger((at + count) * byteWidth, byteWidth);
  assertInside(array, { start, end, endMax });
  const write = (target: Uint8Array): void => {
    offsets.copyTo(target, at * byteWidth);
    subtract(target, byteWidth, start);
  };
  return { start, end, buffer: { byteLength: (count + 1) * byteWidth, write } };
}

/** The items of list views may lie in any order: the slice gets everything from the first to the last one. */
function planListView(array: ArrayView, at: number, count: number) {
  const byteWidth = offsetByteWidth(array);
  const [offsetRange, sizeRange] = array.buffers as [ByteRange, ByteRange];
  const offsets = offsetRange.readIntegers(at * byteWidth, count, byteWidth);
  const sizes = sizeRange.readIntegers(at * byteWidth, count, byteWidth);
  let start = Infinity;
  let end = 0;
  for (let i = 0; i < count; i++) {
    const size = sizes[i]!;
    if (size === 0) continue;
    const offset = offsets[i]!;
    assertInside(array, { start: offset, end: offset + size, endMax: array.children[0]!.length });
    start = Math.min(start, offset);
    end = Math.max(end, offset + size);
  }
  start = Math.min(start, end);
  const write = (target: Uint8Array): void => {
    offsetRange.copyTo(target, at * byteWidth);
    subtract(target, byteWidth, start);
    // The offset of an empty list may be anything; as 0 it stays inside the items that are kept.
    sizes.forEach((size, i) => size === 0 && target.fill(0, i * byteWidth, (i + 1) * byteWidth));
  };
  const byteLength = count * byteWidth;
  return { start, end, offsets: { byteLength, write }, sizes: { source: sizeRange, byteOffset: at * byteWidth } };
}

function assertInside(array: ArrayView, { start, end, endMax }: { start: number; end: number; endMax: number }): void {
  if (start < 0 || end < start || end > endMax) {
    const problem = `has offsets from ${start} to ${end}, but its values end at ${endMax}`;
    throw new FlightError("invalid_argument", `column ${array.field.name} ${problem}`);
  }
}

function offsetByteWidth({ storage }: ArrayView): 4 | 8 {
  return "offsetByteWidth" in storage ? storage.offsetByteWidth : 4;
}

/** Subtracts from every little-endian offset, which may lie at any address. */
function subtract(offsets: Uint8Array, byteWidth: 4 | 8, amount: number): void {
  if (amount === 0) return;
  const view = new DataView(offsets.buffer, offsets.byteOffset, offsets.byteLength);
  if (byteWidth === 4) {
    for (let at = 0; at < offsets.byteLength; at += 4) view.setInt32(at, view.getInt32(at, true) - amount, true);
  } else {
    const bigAmount = BigInt(amount);
    for (let at = 0; at < offsets.byteLength; at += 8) {
      view.setBigInt64(at, view.getBigInt64(at, true) - bigAmount, true);
    }
  }
}
