import { Code, ConnectError } from "@connectrpc/connect";

/** The five bytes before each message: flags, then the length. Source: gRPC over HTTP/2, "Length-Prefixed-Message". */
const envelopeByteLength = 5;

/** Follows the messages in a stream of bytes that is forwarded. It reads the envelopes only. */
export class EnvelopeCounter {
  readonly #envelope = new Uint8Array(envelopeByteLength);
  #envelopeFilled = 0;
  #messageLeft = 0;

  /** Whether the stream has stopped inside of a message or its envelope. */
  get isInside(): boolean {
    return this.#messageLeft > 0 || this.#envelopeFilled > 0;
  }

  /**
   * Counts the bytes of messages in the next chunk.
   *
   * @returns the number of bytes without envelopes
   * @throws ConnectError INTERNAL if a message has a flag, because the streams declare no compression
   */
  count(chunk: Uint8Array): number {
    let messageBytes = 0;
    for (let at = 0; at < chunk.byteLength;) {
      if (this.#messageLeft === 0) {
        this.#envelope[this.#envelopeFilled++] = chunk[at++]!;
        if (this.#envelopeFilled === envelopeByteLength) this.#startMessage();
        continue;
      }
      const taken = Math.min(this.#messageLeft, chunk.byteLength - at);
      this.#messageLeft -= taken;
      messageBytes += taken;
      at += taken;
    }
    return messageBytes;
  }

  #startMessage(): void {
    if (this.#envelope[0] !== 0) {
      throw new ConnectError("a message is compressed, but grpc-encoding names no compression", Code.Internal);
    }
    this.#messageLeft = new DataView(this.#envelope.buffer).getUint32(1);
    this.#envelopeFilled = 0;
  }
}
