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
export function readSingle(
  stream: ServerHttp2Stream,
  call: Pick<NativeCall, "failRequest">,
  rules: MessageRules,
): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const body = new GrowingBytes();
  let message: Message | undefined;
  const fail = (reason: unknown): void => {
    stream.off("data", add).pause();
    reject(reason);
  };
  // A message is judged once it is complete, although its request may not end yet.
  const add = (chunk: Uint8Array): void => {
    const { bytes } = body.add(chunk);
    if (bytes.byteLength < envelopeByteLength) return;
    try {
      const messageEnd = envelopeByteLength + readEnvelope(bytes, rules);
      if (bytes.byteLength > messageEnd) throw miscounted("there is more than one request message", rules);
      if (bytes.byteLength === messageEnd) message = decodeMessage(bytes.subarray(envelopeByteLength), rules);
    } catch (reason) {
      fail(reason);
    }
  };
  const end = (): void => {
    // Node keeps a closed stream for long, and a listener would keep all of its call.
    stream.off("data", add);
    if (message !== undefined) resolve(message);
    else if (body.bytes.byteLength === 0) reject(miscounted("there is no request message", rules));
    else reject(new FlightError("invalid_argument", "the stream ended inside a message"));
  };
  // An empty body has ended before anything reads it.
  if (stream.readableEnded) end();
  else stream.on("data", add).once("end", end);
  stream.once("close", () => stream.readableEnded || reject(interrupted()));
  const failEarly = (reason: Error): void => fail(stream.closed ? interrupted() : reason);
  call.failRequest = failEarly;
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
