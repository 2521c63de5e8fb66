import type { ServerHttp2Stream } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import { FlightError } from "../../../flight/index.ts";
import { decodeMessage, envelopeByteLength, miscounted, readEnvelope, type MessageRules } from "./read-messages.ts";
import type { NativeCall } from "./native-call.ts";
import { interrupted } from "./stream-bytes.ts";

/**
 * Reads the only message of a request. Most calls are such: their message arrives in one chunk. So there is one promise,
 * where a stream of messages needs several for each.
 *
 * @throws ConnectError UNIMPLEMENTED if there is no message, or more than one; the reason why the call ended before the
 * message came; as `readMessages`
 */
export async function readSingle(
  stream: ServerHttp2Stream,
  call: Pick<NativeCall, "failRequest">,
  rules: MessageRules,
): Promise<Message> {
  const body = await collect(stream, call, rules);
  if (body.byteLength === 0) throw miscounted("there is no request message", rules);
  if (body.byteLength < envelopeByteLength || body.byteLength < envelopeByteLength + readEnvelope(body, rules)) {
    throw new FlightError("invalid_argument", "the stream ended inside a message");
  }
  return decodeMessage(body.subarray(envelopeByteLength), rules);
}

/** Collects a body. It ends early at the first byte that cannot belong to one message within the limits. */
function collect(
  stream: ServerHttp2Stream,
  call: Pick<NativeCall, "failRequest">,
  rules: MessageRules,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const body = new GrowingBytes();
  const fail = (reason: unknown): void => {
    stream.off("data", add).pause();
    reject(reason);
  };
  const add = (chunk: Uint8Array): void => {
    const { bytes } = body.add(chunk);
    if (bytes.byteLength < envelopeByteLength) return;
    try {
      const messageEnd = envelopeByteLength + readEnvelope(bytes, rules);
      if (bytes.byteLength > messageEnd) fail(miscounted("there is more than one request message", rules));
    } catch (reason) {
      fail(reason);
    }
  };
  const end = (): void => resolve(body.bytes);
  // An empty body has ended before anything reads it.
  if (stream.readableEnded) end();
  else stream.on("data", add).once("end", end);
  stream.once("close", () => stream.readableEnded || reject(interrupted()));
  call.failRequest = (reason) => fail(stream.closed ? interrupted() : reason);
  return promise;
}

const firstCapacity = 1024;

/** Bytes that are added in chunks. A single chunk is not copied; small chunks are, because each keeps a large buffer. */
class GrowingBytes {
  bytes: Uint8Array = new Uint8Array(0);
  #room: Uint8Array | undefined;

  add(chunk: Uint8Array): this {
    const { byteLength } = this.bytes;
    if (byteLength === 0) {
      this.bytes = chunk;
      return this;
    }
    const end = byteLength + chunk.byteLength;
    if (this.#room === undefined || this.#room.byteLength < end) {
      this.#room = new Uint8Array(Math.max(2 * end, firstCapacity));
      this.#room.set(this.bytes);
    }
    this.#room.set(chunk, byteLength);
    this.bytes = this.#room.subarray(0, end);
    return this;
  }
}
