import { fromBinary, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ByteReader, FlightError, limitError } from "../../../flight/index.ts";
import type { ServerLimits } from "../../limits/server-limits.ts";
import { checkMessage } from "../check-message.ts";
import { Turns } from "../turns.ts";

const envelopeByteLength = 5;

/** Where the messages of a request come from, and what they may be. */
export interface MessageSource {
  readonly desc: DescMethod;
  readonly bytes: AsyncIterable<Uint8Array>;
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
 * Reads the only message of a request.
 *
 * @throws ConnectError UNIMPLEMENTED if there is none or more than one, as Connect does; FlightError as `readMessages`
 */
export async function readMessage(source: MessageSource): Promise<ReadMessage> {
  const reader = new ByteReader(source.bytes);
  if (!(await reader.hasMore())) throw miscounted("there is no request message", source);
  const message = await readNext(reader, source);
  if (await reader.hasMore()) throw miscounted("there is more than one request message", source);
  return message;
}

/**
 * Reads the messages of a request.
 *
 * @throws FlightError INVALID_ARGUMENT or RESOURCE_EXHAUSTED; ConnectError INTERNAL for a compressed message, because
 * the request declares no compression
 */
export async function* readMessages(source: MessageSource): AsyncGenerator<Message> {
  const reader = new ByteReader(source.bytes);
  const turns = new Turns();
  try {
    while (await reader.hasMore()) {
      await turns.share();
      yield (await readNext(reader, source)).message;
    }
  } finally {
    await reader.cancel();
  }
}

async function readNext(reader: ByteReader, { desc, readBytesMax, limits }: MessageSource): Promise<ReadMessage> {
  const envelope = await reader.read(envelopeByteLength);
  assertPlain(envelope);
  const byteLength = new DataView(envelope.buffer).getUint32(1);
  const { controlMessageBytes, messageItems: itemsMax } = limits;
  if (byteLength > controlMessageBytes) {
    throw limitError("control-message-bytes", `a message has more than ${controlMessageBytes} bytes`);
  }
  if (byteLength > readBytesMax) {
    throw new FlightError("resource_exhausted", `a message has more than ${readBytesMax} bytes`);
  }
  const bytes = await reader.read(byteLength);
  checkMessage(desc, bytes, { format: "proto", itemsMax });
  return { message: fromBinary(desc.input, bytes), bytes };
}

/** Reads FlightData messages from envelopes whose bodies were detached. @throws as `readMessages` */
export async function* readDetached(desc: DescMethod, envelopes: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  for await (const envelope of envelopes) {
    assertPlain(envelope);
    yield fromBinary(desc.input, envelope.subarray(envelopeByteLength));
  }
}

function assertPlain([flags]: Uint8Array): void {
  if (flags === 0) return;
  throw new ConnectError("a message is compressed, but grpc-encoding names no compression", Code.Internal);
}

function miscounted(words: string, { desc }: MessageSource): ConnectError {
  return new ConnectError(`${words} for ${desc.name}`, Code.Unimplemented);
}
