import {
  ByteReader,
  createFrame,
  FlightError,
  headerBytesMax,
  limitError,
  readBody,
  readClaimed,
  unclaimedMessageBytesMax,
  type Allocate,
  type FlightFrame,
  type MessageBudget,
} from "../flight/index.ts";
import { readMessage } from "./message.ts";

/** 0xFFFFFFFF before a message's length; older writers leave it out. */
const continuation = 0xffffffff;

/** Options of `readIpcStream`. */
export interface ReadIpcOptions {
  /** The maximum length of a body in bytes; unlimited by default. */
  readonly messageBytesMax?: number;
  /** The memory that bodies must claim before they are read; unlimited by default. */
  readonly budget?: MessageBudget;
  /** Returns memory for bodies of usual size, which frees the chunks at once; by default, bodies are views of the chunks. */
  readonly allocate?: Allocate;
}

/**
 * Reads the frames of an IPC stream that arrives in chunks of any size. By default, bodies are views of the chunks, and only
 * small chunks are copied. For a stream in memory, use `decodeIpcStream`.
 *
 * @throws FlightError INVALID_ARGUMENT if the bytes are not an IPC stream, or if they end inside a message;
 * RESOURCE_EXHAUSTED if a body is too large
 */
export async function* readIpcStream(
  chunks: AsyncIterable<Uint8Array>,
  { messageBytesMax = Infinity, budget, allocate }: ReadIpcOptions = {},
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
        const words = `a message of the Arrow IPC stream has ${bodyLength} bytes; the maximum is ${messageBytesMax}`;
        throw limitError("message-bytes", words);
      }
      const claim = bodyLength > unclaimedMessageBytesMax ? await budget?.claim(bodyLength) : undefined;
      try {
        const read = await readClaimed(reader, claim, () => readBody(reader, bodyLength, allocate));
        await skipPadding(reader, bodyLength);
        yield createFrame({ header, ...read });
      } finally {
        claim?.release();
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Messages start at multiples of 8 bytes. The last one may omit its padding. */
async function skipPadding(reader: ByteReader, bodyLength: number): Promise<void> {
  const paddingLength = -bodyLength & 7;
  if (paddingLength > 0 && (await reader.hasMore())) await reader.read(paddingLength);
}
