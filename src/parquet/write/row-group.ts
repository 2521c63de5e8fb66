import {
  encodeIpcStream,
  ipcMessageByteLength,
  RecordBatchSlice,
  writeIpcMessage,
  type ArrayView,
} from "../../arrow/index.ts";
import type { Allocate, FlightFrame } from "../../flight/index.ts";
import type { ColumnRange } from "./column-ranges.ts";
import type { DictionaryFrame } from "./current-dictionaries.ts";
import { rowGroupRowsMax } from "./row-group-size.ts";

/** A batch or some rows of one, waiting for its row group to be full. It keeps the received pieces. */
export interface RowGroupPart {
  /** All columns of the batch. */
  readonly arrays: readonly ArrayView[];
  readonly rowStart: number;
  readonly rowCount: number;
  /** The expected size of the stored rows in Arrow. */
  readonly byteLength: number;
  /** The batch, if the part is all of it. */
  readonly frame?: FlightFrame;
  /** Frees the memory of the batch, if the part has its last rows. */
  readonly release?: FlightFrame["release"] | undefined;
}

/** The collected parts of one row group. */
export class RowGroup {
  rowCount = 0;
  byteLength = 0;
  readonly #parts: RowGroupPart[] = [];
  readonly #bytesTarget: number;

  /** @param bytesTarget - from `rowGroupBytesFor` */
  constructor(bytesTarget: number) {
    this.#bytesTarget = bytesTarget;
  }

  /** Returns whether a part fits into this group; an empty group takes any part. */
  hasRoomFor({ rowCount, byteLength }: { rowCount: number; byteLength: number }): boolean {
    if (this.#parts.length === 0) return true;
    return this.byteLength + byteLength <= this.#bytesTarget && this.rowCount + rowCount <= rowGroupRowsMax;
  }

  /** Whether the group has no parts. */
  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  add(part: RowGroupPart): void {
    this.#parts.push(part);
    this.rowCount += part.rowCount;
    this.byteLength += part.byteLength;
  }

  /**
   * Writes an IPC stream for each range of columns: a copy of the parts.
   *
   * @param dictionaries - the frames of all dictionaries
   * @param allocate - returns memory with arbitrary content
   * @returns the streams, in one buffer
   */
  writeIpcStreams(
    ranges: readonly ColumnRange[],
    dictionaries: readonly DictionaryFrame[],
    allocate: Allocate,
  ): Uint8Array<ArrayBuffer>[] {
    const planned = ranges.map((range) => this.#plan(range, dictionaries));
    const lengths = planned.map((messages) => messages.reduce((sum, { byteLength }) => sum + byteLength, 0));
    const buffer = allocate(lengths.reduce((sum, byteLength) => sum + byteLength, 0));
    let end = 0;
    return planned.map((messages, i) => {
      const stream = buffer.subarray(end, (end += lengths[i]!));
      let byteOffset = 0;
      for (const { byteLength, write } of messages) {
        write(stream, byteOffset);
        byteOffset += byteLength;
      }
      return stream;
    });
  }

  /** Frees the memory of the parts. Call it after the streams were written. */
  release(): void {
    for (const { release } of this.#parts) release?.();
  }

  #plan({ start, end, schemaFrame, dictionaryIds }: ColumnRange, dictionaries: readonly DictionaryFrame[]) {
    const own = dictionaries.filter(({ id }) => dictionaryIds.has(id)).map(({ frame }) => planFrame(frame));
    const batches = this.#parts.map(({ arrays, rowStart, rowCount, frame }) =>
      frame !== undefined && arrays.length === end - start
        ? planFrame(frame)
        : planSlice(new RecordBatchSlice(arrays.slice(start, end), { rowStart, rowCount })),
    );
    return [planFrame(schemaFrame), ...own, ...batches, streamEnd];
  }
}

/** A message of an IPC stream that will be written. */
interface PlannedMessage {
  readonly byteLength: number;
  readonly write: (stream: Uint8Array, byteOffset: number) => void;
}

const endMark = encodeIpcStream([]);
const streamEnd: PlannedMessage = {
  byteLength: endMark.byteLength,
  write: (stream, byteOffset) => stream.set(endMark, byteOffset),
};

function planFrame(frame: FlightFrame): PlannedMessage {
  return {
    byteLength: ipcMessageByteLength(frame),
    write: (stream, byteOffset) => writeIpcMessage(stream, byteOffset, frame),
  };
}

function planSlice(slice: RecordBatchSlice): PlannedMessage {
  return { byteLength: slice.ipcByteLength, write: (stream, byteOffset) => slice.writeIpc(stream, byteOffset) };
}
