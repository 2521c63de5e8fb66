import { encodeIpcFooter, type IpcFileBlock } from "./ipc-footer.ts";
import { FlightError, type FlightFrame, piecesByteLength } from "../flight/index.ts";
import { ipcStreamEnd, toIpcMessagePieces } from "./ipc-stream.ts";
import { joinDictionaries } from "./join-dictionaries.ts";
import { decodeMessage } from "./message.ts";
import { decodeSchema, type Schema } from "./schema.ts";

/** The magic at the start and end of an IPC file. */
const magic = new TextEncoder().encode("ARROW1");

/** Bytes of the magic with its padding, before the first message. */
const headByteLength = 8;

/** Bytes behind the footer: its length, and the magic. */
export const ipcFileTailByteLength = 10;

/** Whether bytes start with the magic of an Arrow IPC file. */
export function isIpcFile(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/**
 * Frames as an IPC file, in chunks: the stream format between two magics, and a footer that says where the batches are.
 * The chunks are views of the frames' memory, as in `toIpcMessagePieces`. The format has no dictionaries that replace each other, so those of a column become one.
 *
 * @throws FlightError as `joinDictionaries`; errors of `frames`
 */
export async function* encodeIpcFile(frames: AsyncIterable<FlightFrame>): AsyncGenerator<Uint8Array, void, undefined> {
  let schema: Schema | undefined;
  const blocks = { dictionaries: [] as IpcFileBlock[], batches: [] as IpcFileBlock[] };
  let byteOffset = headByteLength;
  yield Uint8Array.of(...magic, 0, 0);
  for await (const frame of joinDictionaries(frames)) {
    const { kind } = decodeMessage(frame.header);
    if (kind === "none") continue;
    const pieces = toIpcMessagePieces(frame);
    const headerByteLength = pieces[0]!.byteLength;
    const bodyByteLength = piecesByteLength(pieces) - headerByteLength;
    if (kind === "schema") schema = decodeSchema(frame.header);
    else
      blocks[kind === "record_batch" ? "batches" : "dictionaries"].push({
        byteOffset,
        headerByteLength,
        bodyByteLength,
      });
    yield* pieces;
    byteOffset += headerByteLength + bodyByteLength;
  }
  if (schema === undefined) throw new FlightError("invalid_argument", "the stream ended before its schema");
  const footer = encodeIpcFooter({ schema, ...blocks });
  const length = new Uint8Array(4);
  new DataView(length.buffer).setInt32(0, footer.byteLength, true);
  yield* [ipcStreamEnd, footer, length, magic];
}
