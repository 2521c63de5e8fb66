import { zstdDecompressSync } from "node:zlib";
import { createFrame, FlightError, type FlightFrame } from "../../flight/index.ts";
import {
  decodeLz4Frame,
  decodeMessage,
  encodeBatchHeader,
  hasCompressedBody,
  type Message,
  PiecedBytes,
  type RecordBatchLayout,
} from "../../arrow/index.ts";
import { expandedBodyBytesMax } from "../limits.ts";

/*
 * Bodies whose buffers are compressed one by one. Source: Arrow's Message.fbs, `BodyCompression`: a buffer starts
 * with its uncompressed length as int64, or with -1 where it was left as it is; an empty one has neither.
 */
const prefixByteLength = 8;
const isLeftAsItIs = -1;

type BatchMessage = Extract<Message, { layout: RecordBatchLayout }>;

/**
 * The length of a frame's body when it is no longer compressed, in bytes; undefined where it is not. Reads the
 * lengths that are declared, and nothing else.
 *
 * @throws FlightError INVALID_ARGUMENT where a buffer leaves the body or declares no length,
 * RESOURCE_EXHAUSTED where the body would be larger than `expandedBodyBytesMax`
 */
export function expandedBodyByteLength(frame: FlightFrame): number | undefined {
  if (!hasCompressedBody(frame.header)) return undefined;
  const message = decodeMessage(frame.header);
  if (!("layout" in message) || message.layout.compression === undefined) return undefined;
  return planBuffers(message, frame.body).bodyByteLength;
}

/**
 * Takes the compression off a frame's body. Buffers of the result start at multiples of 8 bytes.
 *
 * @param frame - of a dictionary or record batch; one that is not compressed is given back as it is
 * @throws FlightError as `expandedBodyByteLength`, and INVALID_ARGUMENT where a buffer is not what it declares
 */
export function decompressFrame(frame: FlightFrame): FlightFrame {
  const message = decodeMessage(frame.header);
  if (!("layout" in message) || message.layout.compression === undefined) return frame;
  const { compression, ...layout } = message.layout;
  const { buffers, bodyByteLength } = planBuffers(message, frame.body);
  const body = new Uint8Array(bodyByteLength);
  for (const { byteOffset, byteLength, source, isCompressed } of buffers) {
    const target = body.subarray(byteOffset, byteOffset + byteLength);
    if (isCompressed) decompress(compression, source(), target);
    else target.set(source());
  }
  const dictionary =
    message.kind === "dictionary_batch" ? { dictionaryId: message.id, isDelta: message.isDelta } : undefined;
  const header = encodeBatchHeader({ layout: { ...layout, buffers }, bodyByteLength, ...dictionary });
  return createFrame({ ...frame, header, body: bodyByteLength === 0 ? [] : [body] });
}

interface PlannedBuffer {
  /** Its place in the uncompressed body. */
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly isCompressed: boolean;
  /** What stands behind its prefix. */
  source(): Uint8Array;
}

function planBuffers({ layout }: BatchMessage, pieces: readonly Uint8Array[]) {
  const body = new PiecedBytes(pieces);
  let bodyByteLength = 0;
  let sourceByteLength = 0;
  const buffers = layout.buffers.map((buffer): PlannedBuffer => {
    const range = body.range(buffer.byteOffset, buffer.byteLength);
    const byteOffset = bodyByteLength;
    sourceByteLength += range.byteLength;
    if (sourceByteLength > body.byteLength)
      throw new FlightError("invalid_argument", "a record batch has buffers that share bytes of its body");
    if (range.byteLength === 0) {
      return { byteOffset, byteLength: 0, isCompressed: false, source: () => new Uint8Array(0) };
    }
    if (range.byteLength < prefixByteLength) throw undeclared();
    const declared = range.readInteger(0, prefixByteLength);
    const restByteLength = range.byteLength - prefixByteLength;
    const isCompressed = declared !== isLeftAsItIs;
    if (isCompressed && declared < 0) throw undeclared();
    const byteLength = isCompressed ? declared : restByteLength;
    bodyByteLength += Math.ceil(byteLength / 8) * 8;
    if (bodyByteLength > expandedBodyBytesMax) {
      const message = `a compressed record batch expands to more than ${expandedBodyBytesMax} bytes; send smaller ones`;
      throw new FlightError("resource_exhausted", message);
    }
    const source = (): Uint8Array => {
      const bytes = new Uint8Array(restByteLength);
      range.copyTo(bytes, prefixByteLength);
      return bytes;
    };
    return { byteOffset, byteLength, isCompressed, source };
  });
  return { buffers, bodyByteLength };
}

function decompress(
  codec: NonNullable<RecordBatchLayout["compression"]>,
  source: Uint8Array,
  target: Uint8Array,
): void {
  if (target.byteLength === 0) return;
  try {
    if (codec === "lz4_frame") return decodeLz4Frame(source, target);
    const bytes = zstdDecompressSync(source, { maxOutputLength: target.byteLength });
    if (bytes.byteLength !== target.byteLength) throw new RangeError("a buffer is shorter than it declares");
    target.set(bytes);
  } catch (reason) {
    throw new FlightError("invalid_argument", `a record batch's ${codec} buffer is not what it declares`, {
      cause: reason,
    });
  }
}

function undeclared(): FlightError {
  return new FlightError("invalid_argument", "a compressed record batch has a buffer without its length");
}
