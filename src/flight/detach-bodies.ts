import type { BodyQueue, QueuedBody } from "./body-queue.ts";
import { ByteReader, type Allocate } from "./byte-reader.ts";
import { FlightError } from "./errors.ts";
import { limitError } from "./limit-error.ts";
import { FlightDescriptorSchema } from "../gen/arrow/flight/protocol/flight_pb.ts";
import {
  appMetadataBytesMax,
  controlMessageBytesMax,
  headerBytesMax,
  messageFieldsMax,
  unclaimedMessageBytesMax,
} from "./limits.ts";
import { readClaimed, type MessageBudget, type MessageClaim } from "./message-budget.ts";
import { assertSmallMessage } from "./message-size.ts";
import { copyPieces, piecesByteLength } from "./pieces.ts";
import { readBody } from "./read-body.ts";

/** data_body. */
const bodyFieldNumber = 1000;

const descriptorFieldNumber = 1;

/** The limits of the other fields. Source: FlightData in Flight.proto. */
const smallFieldLimits = new Map([
  [descriptorFieldNumber, { name: "flight_descriptor", bytesMax: controlMessageBytesMax }],
  [2, { name: "data_header", bytesMax: headerBytesMax }],
  [3, { name: "app_metadata", bytesMax: appMetadataBytesMax }],
]);

/** The limit of an unknown field. */
const unknownFieldLimit = { name: "unknown field", bytesMax: controlMessageBytesMax };

/** Protobuf's wire types, as far as proto3 uses them. Source: the protobuf encoding guide. */
const wireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/** The longest varint of 64 bits, in bytes. */
const varintBytesMax = 10;

/** How bodies are taken out of a stream. */
export interface DetachOptions {
  /** The largest message that is read (inclusive), in bytes. */
  readonly messageBytesMax: number;
  /** The memory that messages wait for; none by default. */
  readonly budget?: MessageBudget | undefined;
  /** Returns memory for bodies of usual size, which frees the chunks at once; by default, bodies are views of the chunks. */
  readonly allocate?: Allocate | undefined;
  /**
   * Aborts when the call ends. Then the memory of the last message is released, even if the next message is never
   * requested.
   */
  readonly ended?: AbortSignal | undefined;
}

/**
 * Removes the bodies from a stream of FlightData messages before Connect parses it. The bodies are views of the chunks.
 * Connect gets the same messages with only their small fields.
 *
 * Envelopes with a flag (compressed, trailers) pass unchanged, with an empty body in the queue.
 *
 * @param bytes - the bytes of a request or response, in chunks of any size
 * @param bodies - gets one body for each message, before the message is yielded
 * @throws FlightError RESOURCE_EXHAUSTED if a message or one of its fields is too large; INVALID_ARGUMENT if it is not
 * valid
 */
export async function* detachBodies(
  bytes: AsyncIterable<Uint8Array>,
  bodies: BodyQueue,
  { messageBytesMax, budget, allocate, ended }: DetachOptions,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(bytes);
  let claim: MessageClaim | undefined;
  // Whoever has answered before the end of the request does not ask for more of it, nor leave it.
  ended?.addEventListener("abort", () => claim?.release(), { once: true });
  try {
    while (await reader.hasMore()) {
      const envelope = reader.readNow(5) ?? (await reader.read(5));
      const messageLength = new DataView(envelope.buffer).getUint32(1);
      if (messageLength > messageBytesMax) {
        const words = `a FlightData message has ${messageLength} bytes; the maximum is ${messageBytesMax}`;
        throw limitError("message-bytes", words);
      }
      if (envelope[0] === 0) {
        claim = messageLength > unclaimedMessageBytesMax ? await budget?.claim(messageLength) : undefined;
        try {
          ended?.throwIfAborted();
          const read = (): Promise<DetachedMessage> => readMessage(reader, messageLength, allocate);
          const { smallFields, ...body } = await readClaimed(reader, claim, read);
          bodies.push(body);
          yield encodeEnvelope(smallFields);
        } finally {
          claim?.release();
        }
      } else {
        assertSmallFlagged(messageLength);
        bodies.push({ body: [] });
        yield envelope;
        yield await reader.read(messageLength);
      }
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * Checks the size of an envelope with a flag, which passes through Connect as a whole.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if it is larger than a message without Arrow data may be
 */
export function assertSmallFlagged(byteLength: number): void {
  if (byteLength > controlMessageBytesMax) {
    const words = `an envelope with a flag has ${byteLength} bytes; the maximum is ${controlMessageBytesMax}`;
    throw limitError("control-message-bytes", words);
  }
}

interface DetachedMessage extends Pick<QueuedBody, "release"> {
  smallFields: Uint8Array[];
  body: Uint8Array[];
}

/** Bytes to read: a varint, a number of bytes that are copied into one array, or the body as pieces of any sizes. */
interface BytesRequest {
  readonly kind: "varint" | "copy" | "body";
  /** The length; of a varint the maximum. */
  readonly byteLength: number;
}

/** Requests bytes, and gets their pieces. */
type Reading<T> = Generator<BytesRequest, T, Uint8Array[]>;

/** Reads a message. Only bytes that have not arrived yet need a promise. */
async function readMessage(
  reader: ByteReader,
  messageLength: number,
  allocate: Allocate | undefined,
): Promise<DetachedMessage> {
  const reading = parseMessage(messageLength);
  let release: DetachedMessage["release"];
  let step = reading.next();
  while (step.done !== true) {
    const { kind, byteLength } = step.value;
    if (kind === "body") {
      const read = await readBody(reader, byteLength, allocate);
      release = read.release;
      step = reading.next(read.body);
    } else {
      const now = kind === "varint" ? reader.readVarintNow(byteLength) : reader.readNow(byteLength);
      step = reading.next([
        now ?? (await (kind === "varint" ? reader.readVarint(byteLength) : reader.read(byteLength))),
      ]);
    }
  }
  return release ? { ...step.value, release } : step.value;
}

function* parseMessage(messageLength: number): Reading<DetachedMessage> {
  const message: DetachedMessage = { smallFields: [], body: [] };
  const spend = createFieldBudget();
  let left = messageLength;
  const take: Take = function* (byteLength) {
    left = deduct(left, byteLength);
    return (yield { kind: "copy", byteLength })[0]!;
  };
  const takeVarint = function* (): Reading<Uint8Array> {
    const varint = (yield { kind: "varint", byteLength: Math.min(left, varintBytesMax) })[0]!;
    // One that does not end in the message is longer than the message.
    const isCut = varint.byteLength < varintBytesMax && (varint.at(-1) ?? 0x80) > 0x7f;
    left = deduct(left, varint.byteLength + (isCut ? 1 : 0));
    return varint;
  };
  for (let fieldCount = 0; left > 0; fieldCount++) {
    if (fieldCount > messageFieldsMax) {
      throw new FlightError("invalid_argument", `a FlightData message has more than ${messageFieldsMax} fields`);
    }
    const tag = yield* takeVarint();
    const key = decodeVarint(tag);
    const fieldNumber = Math.floor(key / 8);
    if (key % 8 !== wireType.lengthDelimited) {
      if (fieldNumber === bodyFieldNumber || smallFieldLimits.has(fieldNumber)) {
        throw new FlightError(
          "invalid_argument",
          `field ${fieldNumber} of a FlightData message has wire type ${key % 8}`,
        );
      }
      message.smallFields.push(tag, yield* takeScalar(key % 8, take, takeVarint));
      continue;
    }
    const length = yield* takeVarint();
    const byteLength = decodeVarint(length);
    if (fieldNumber === bodyFieldNumber) {
      left = deduct(left, byteLength);
      message.body = yield { kind: "body", byteLength };
    } else {
      spend(fieldNumber, byteLength);
      const value = yield* take(byteLength);
      if (fieldNumber === descriptorFieldNumber) assertSmallMessage(FlightDescriptorSchema, value);
      message.smallFields.push(tag, length, value);
    }
  }
  return message;
}

/** Adds up the sizes of the fields of one message, including repeated ones. */
function createFieldBudget(): (fieldNumber: number, byteLength: number) => void {
  const spent = new Map<unknown, number>();
  return (fieldNumber, byteLength) => {
    const limit = smallFieldLimits.get(fieldNumber) ?? unknownFieldLimit;
    const total = (spent.get(limit) ?? 0) + byteLength;
    if (total > limit.bytesMax) {
      const words = `the ${limit.name} of a FlightData message has ${total} bytes; the maximum is ${limit.bytesMax}`;
      throw limitError("message-field-bytes", words);
    }
    spent.set(limit, total);
  };
}

function deduct(left: number, byteLength: number): number {
  if (byteLength > left)
    throw new FlightError("invalid_argument", "a field of a FlightData message is longer than the message");
  return left - byteLength;
}

type Take = (byteLength: number) => Reading<Uint8Array>;

function* takeScalar(type: number, take: Take, takeVarint: () => Reading<Uint8Array>): Reading<Uint8Array> {
  if (type === wireType.varint) return yield* takeVarint();
  if (type === wireType.fixed64) return yield* take(8);
  if (type === wireType.fixed32) return yield* take(4);
  throw new FlightError("invalid_argument", `a field of a FlightData message has wire type ${type}`);
}

/** Reads a tag or a length. Neither may have more than 32 bits, unlike other varints. */
function decodeVarint(varint: Uint8Array): number {
  let value = 0;
  for (let i = varint.byteLength - 1; i >= 0; i--) value = value * 128 + ((varint[i] ?? 0) & 0x7f);
  if (value > 0xffff_ffff) {
    throw new FlightError(
      "invalid_argument",
      "a field of a FlightData message has a tag or length of more than 32 bits",
    );
  }
  return value;
}

function encodeEnvelope(parts: readonly Uint8Array[]): Uint8Array {
  const byteLength = piecesByteLength(parts);
  const envelope = new Uint8Array(5 + byteLength);
  new DataView(envelope.buffer).setUint32(1, byteLength);
  copyPieces(envelope, 5, parts);
  return envelope;
}
