import { createFrame, FlightError, limitError, type FlightFrame } from "../flight/index.ts";
import { encodeBatchHeader, toPairs } from "./encode-batch-header.ts";
import { decodeLz4Frame } from "./lz4-frame.ts";
import { decodeMessage, hasCompressedBody, type Message, type RecordBatchLayout } from "./message.ts";
import { PiecedBytes } from "./pieced-bytes.ts";

/*
 * Bodies whose buffers are compressed one by one. Source: Arrow's Message.fbs, `BodyCompression`: a buffer starts
 * with its uncompressed length as int64, or with -1 where it was left as it is; an empty one has neither.
 */
const prefixByteLength = 8;
const isLeftAsItIs = -1;

/** Options of decompressing a body. */
export interface DecompressOptions {
  /** The largest body that a frame may expand to, in bytes. */
  readonly bodyBytesMax: number;
  /**
   * Decompresses a ZSTD frame, which must fill `target` exactly. Browsers and Node have different decoders.
   *
   * @throws Error if it does not
   */
  readonly decompressZstd: (source: Uint8Array, target: Uint8Array) => void;
}

type BatchMessage = Extract<Message, { layout: RecordBatchLayout }>;

/**
 * The length of a frame's body when it is no longer compressed, in bytes; undefined where it is not. Reads the
 * lengths that are declared, and nothing else.
 *
 * @throws FlightError INVALID_ARGUMENT where a buffer leaves the body or declares no length,
 * RESOURCE_EXHAUSTED where the body would be larger than `bodyBytesMax`
 */
export function expandedBodyByteLength(
  frame: FlightFrame,
  { bodyBytesMax }: Pick<DecompressOptions, "bodyBytesMax">,
): number | undefined {
  if (!hasCompressedBody(frame.header)) return undefined;
  const message = decodeMessage(frame.header);
  if (!("layout" in message) || message.layout.compression === undefined) return undefined;
  return planBuffers(message, frame.body, bodyBytesMax).bodyByteLength;
}

/**
 * Takes the compression off a frame's body. Buffers of the result start at multiples of 8 bytes.
 *
 * @param frame - of a dictionary or record batch; one that is not compressed is given back as it is
 * @throws FlightError as `expandedBodyByteLength`, and INVALID_ARGUMENT where a buffer is not what it declares
 */
export function decompressFrame(frame: FlightFrame, options: DecompressOptions): FlightFrame {
  const message = decodeMessage(frame.header);
  if (!("layout" in message) || message.layout.compression === undefined) return frame;
  const { compression, ...layout } = message.layout;
  const { buffers, bodyByteLength } = planBuffers(message, frame.body, options.bodyBytesMax);
  const body = new Uint8Array(bodyByteLength);
  const decode = compression === "zstd" ? options.decompressZstd : decodeLz4Frame;
  for (const { byteOffset, byteLength, source, isCompressed } of buffers) {
    const target = body.subarray(byteOffset, byteOffset + byteLength);
    if (!isCompressed) target.set(source());
    else if (byteLength > 0) fill(target, source(), { compression, decode });
  }
  const dictionary =
    message.kind === "dictionary_batch" ? { dictionaryId: message.id, isDelta: message.isDelta } : undefined;
  const header = encodeBatchHeader({ ...toPairs({ ...layout, buffers }), bodyByteLength, ...dictionary });
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

function planBuffers({ layout }: BatchMessage, pieces: readonly Uint8Array[], bodyBytesMax: number) {
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
    if (bodyByteLength > bodyBytesMax) {
      const message = `a compressed record batch expands to more than ${bodyBytesMax} bytes; send smaller batches`;
      throw limitError("batch-bytes", message);
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

interface Codec {
  readonly compression: NonNullable<RecordBatchLayout["compression"]>;
  readonly decode: DecompressOptions["decompressZstd"];
}

function fill(target: Uint8Array, source: Uint8Array, { compression, decode }: Codec): void {
  try {
    decode(source, target);
  } catch (reason) {
    throw new FlightError(
      "invalid_argument",
      `the ${compression} buffer of a record batch does not match its declared length`,
      {
        cause: reason,
      },
    );
  }
}

function undeclared(): FlightError {
  return new FlightError("invalid_argument", "a compressed record batch has a buffer without its length");
}
