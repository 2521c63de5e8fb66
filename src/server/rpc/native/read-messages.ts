import { fromBinary, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ByteReader, FlightError, limitError, parseSmallMessage } from "../../../flight/index.ts";
import type { ServerLimits } from "../../limits/server-limits.ts";
import { Turns } from "../turns.ts";

/** The bytes before a message: flags, then its length. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
export const envelopeByteLength = 5;

/** What the messages of a request may be. */
export interface MessageRules {
  readonly desc: DescMethod;
  /** The maximum size of a message in bytes. */
  readonly readBytesMax: number;
  readonly limits: ServerLimits;
}

/** A message, and its bytes. */
export interface ReadMessage {
  readonly message: Message;
  readonly bytes: Uint8Array;
}

/** Returns whether the requests of a method are a stream. */
export function takesStream({ methodKind }: DescMethod): boolean {
  return methodKind === "client_streaming" || methodKind === "bidi_streaming";
}

/**
 * Reads the only message of a request from chunks.
 *
 * @throws ConnectError UNIMPLEMENTED if there is none or more than one, as Connect does; FlightError as `readMessages`
 */
export async function readMessage(chunks: AsyncIterable<Uint8Array>, rules: MessageRules): Promise<ReadMessage> {
  const reader = new ByteReader(chunks);
  if (!(await reader.hasMore())) throw miscounted("there is no request message", rules);
  const bytes = await reader.read(readEnvelope(await reader.read(envelopeByteLength), rules));
  const message = decodeMessage(bytes, rules);
  if (await reader.hasMore()) throw miscounted("there is more than one request message", rules);
  return { message, bytes };
}

/**
 * Reads the messages of a request.
 *
 * @throws FlightError INVALID_ARGUMENT or RESOURCE_EXHAUSTED; ConnectError INTERNAL for a compressed message, because
 * the request declares no compression
 */
export async function* readMessages(bytes: AsyncIterable<Uint8Array>, rules: MessageRules): AsyncGenerator<Message> {
  const reader = new ByteReader(bytes);
  const turns = new Turns();
  try {
    while (await reader.hasMore()) {
      await turns.share();
      const byteLength = readEnvelope(await reader.read(envelopeByteLength), rules);
      yield decodeMessage(await reader.read(byteLength), rules);
    }
  } finally {
    await reader.cancel();
  }
}

/** Returns the length of the message behind an envelope in bytes. @throws as `readMessages` */
export function readEnvelope(envelope: Uint8Array, { readBytesMax, limits }: MessageRules): number {
  assertPlain(envelope);
  const byteLength = new DataView(envelope.buffer, envelope.byteOffset).getUint32(1);
  const { controlMessageBytes } = limits;
  if (byteLength > controlMessageBytes) {
    throw limitError("control-message-bytes", `a message has more than ${controlMessageBytes} bytes`);
  }
  if (byteLength > readBytesMax) {
    throw new FlightError("resource_exhausted", `a message has more than ${readBytesMax} bytes`);
  }
  return byteLength;
}

/** Checks and parses a message. @throws as `readMessages` */
export function decodeMessage(bytes: Uint8Array, { desc, limits }: MessageRules): Message {
  return parseSmallMessage(desc.input, toPlain(bytes), limits.messageItems);
}

/** Node's chunks are Buffers, whose `slice` copies nothing. Producers get plain arrays, as from Connect. */
function toPlain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Reads FlightData messages from envelopes whose bodies were detached. @throws as `readMessages` */
export async function* readDetached(desc: DescMethod, envelopes: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  for await (const envelope of envelopes) {
    assertPlain(envelope);
    yield fromBinary(desc.input, toPlain(envelope.subarray(envelopeByteLength)));
  }
}

function assertPlain([flags]: Uint8Array): void {
  if (flags === 0) return;
  throw new ConnectError("a message is compressed, but grpc-encoding names no compression", Code.Internal);
}

/** Returns the error for a request that does not have exactly one message. */
export function miscounted(words: string, { desc }: MessageRules): ConnectError {
  return new ConnectError(`${words} for ${desc.name}`, Code.Unimplemented);
}
