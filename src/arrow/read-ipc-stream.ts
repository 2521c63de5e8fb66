import {
  ByteReader,
  createFrame,
  FlightError,
  headerBytesMax,
  readClaimed,
  unclaimedMessageBytesMax,
  type FlightFrame,
  type MessageBudget,
} from "../flight/index.ts";
import { readMessage } from "./message.ts";

/** 0xFFFFFFFF before a message's length; older writers leave it out. */
const continuation = 0xffffffff;

/** How an IPC stream is read. */
export interface ReadIpcOptions {
  /** The largest body that is read, in bytes; none is too large by default. */
  readonly messageBytesMax?: number;
  /** The memory that bodies wait for; none by default. */
  readonly budget?: MessageBudget;
}

/**
 * The frames of an IPC stream that comes in chunks of any size. Bodies are views of the chunks; only what comes in
 * small pieces is copied together. `decodeIpcStream` is for a stream that is in memory.
 *
 * @throws FlightError RESOURCE_EXHAUSTED where a body is larger; INVALID_ARGUMENT where the bytes are no IPC stream, or end inside a message
 */
export async function* readIpcStream(
  chunks: AsyncIterable<Uint8Array>,
  { messageBytesMax = Infinity, budget }: ReadIpcOptions = {},
): AsyncGenerator<FlightFrame, void, undefined> {
  const reader = new ByteReader(chunks);
  const readUint32 = async (): Promise<number> => new DataView((await reader.read(4)).buffer).getUint32(0, true);
  try {
    while (await reader.hasMore()) {
      const first = await readUint32();
      const headerLength = first === continuation ? await readUint32() : first;
      if (headerLength === 0) return;
      if (headerLength > headerBytesMax) {
        throw new FlightError("invalid_argument", `the Arrow IPC stream has a header of ${headerLength} bytes`);
      }
      const header = await reader.read(headerLength);
      const bodyLength = readMessage(header, (message) => message.bodyLength);
      if (bodyLength > messageBytesMax) {
        const words = `a message of the Arrow IPC stream has ${bodyLength} bytes; at most ${messageBytesMax} are taken`;
        throw new FlightError("resource_exhausted", words);
      }
      const claim = bodyLength > unclaimedMessageBytesMax ? await budget?.claim(bodyLength) : undefined;
      try {
        const body = await readClaimed(reader, claim, () => reader.readPieces(bodyLength));
        await skipPadding(reader, bodyLength);
        yield createFrame({ header, body });
      } finally {
        claim?.release();
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Messages start at multiples of 8 bytes; the last one may do without what is missing. */
async function skipPadding(reader: ByteReader, bodyLength: number): Promise<void> {
  const paddingLength = -bodyLength & 7;
  if (paddingLength > 0 && (await reader.hasMore())) await reader.read(paddingLength);
}
