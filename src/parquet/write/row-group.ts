import { encodeIpcStream, ipcMessageByteLength, RecordBatchSlice, writeIpcMessage } from "../../arrow/index.ts";
import { type FlightFrame } from "../../flight/index.ts";
import type { Allocate } from "./stream-buffers.ts";
import { rowGroupRowsMax } from "./row-group-size.ts";

/** A batch or some rows of one, waiting for its row group to be full. It keeps the received pieces. */
export type RowGroupPart =
  | { readonly kind: "frame"; readonly frame: FlightFrame; readonly rowCount: number; readonly byteLength: number }
  | {
      readonly kind: "slice";
      readonly slice: RecordBatchSlice;
      readonly rowCount: number;
      readonly byteLength: number;
    };

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
   * Writes the group as one IPC stream. This is the only copy of the pieces.
   *
   * @param allocate - returns memory with arbitrary content
   */
  writeIpcStream(head: readonly FlightFrame[], allocate: Allocate) {
    const end = encodeIpcStream([]);
    let byteLength = end.byteLength;
    for (const frame of head) byteLength += ipcMessageByteLength(frame);
    for (const part of this.#parts) byteLength += partByteLength(part);
    const stream = allocate(byteLength);
    let byteOffset = 0;
    for (const frame of head) byteOffset = writeIpcMessage(stream, byteOffset, frame);
    for (const part of this.#parts) byteOffset = writePart(stream, byteOffset, part);
    stream.set(end, byteOffset);
    return stream;
  }
}

function partByteLength(part: RowGroupPart): number {
  return part.kind === "frame" ? ipcMessageByteLength(part.frame) : part.slice.ipcByteLength;
}

function writePart(stream: Uint8Array, byteOffset: number, part: RowGroupPart): number {
  return part.kind === "frame"
    ? writeIpcMessage(stream, byteOffset, part.frame)
    : part.slice.writeIpc(stream, byteOffset);
}
