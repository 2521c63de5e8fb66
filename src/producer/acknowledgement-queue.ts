import { limitError } from "../flight/index.ts";

/** A PutResult that echoes the application metadata of a frame. */
export interface Acknowledgement {
  /** A copy of the frame's application metadata. */
  readonly appMetadata: Uint8Array<ArrayBuffer>;
}

/** The approximate memory of an acknowledgement besides its bytes: an object, an array and its buffer. */
const overheadByteLength = 128;

/** Acknowledgements between a put, which never waits, and a client, which reads them when it likes or never. */
export class AcknowledgementQueue {
  readonly #byteLengthMax: number;
  #waiting: Acknowledgement[] = [];
  #byteLength = 0;
  #end: { readonly reason?: unknown } | undefined;
  #wake: () => void = () => {};

  /** @param byteLengthMax - what may wait, in bytes, each acknowledgement's own cost counted */
  constructor(byteLengthMax: number) {
    this.#byteLengthMax = byteLengthMax;
  }

  /**
   * Adds a copy of the metadata, because the frame may be a view of a whole batch.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if the client leaves too many acknowledgements unread
   */
  push(appMetadata: Uint8Array): void {
    this.#byteLength += appMetadata.byteLength + overheadByteLength;
    if (this.#byteLength > this.#byteLengthMax) {
      throw limitError(
        "acknowledgement-bytes",
        "the client does not read the acknowledgements of its put, and too many are waiting",
      );
    }
    this.#waiting.push({ appMetadata: new Uint8Array(appMetadata) });
    this.#wake();
  }

  /** Says that nothing more comes. @param last - application metadata that the reader gets last, whatever waits */
  end(last?: Uint8Array<ArrayBuffer>): void {
    if (last) this.#waiting.push({ appMetadata: last });
    this.#end = {};
    this.#wake();
  }

  /** Says that the put failed; the reader gets what waits, then the reason. */
  fail(reason: unknown): void {
    this.#end = { reason };
    this.#wake();
  }

  /** Returns the acknowledgements as they arrive, to one reader. */
  async *drain(): AsyncGenerator<Acknowledgement, void, undefined> {
    for (;;) {
      const taken = this.#waiting;
      this.#waiting = [];
      for (const acknowledgement of taken) {
        yield acknowledgement;
        this.#byteLength -= acknowledgement.appMetadata.byteLength + overheadByteLength;
      }
      if (this.#waiting.length > 0) continue;
      if (this.#end !== undefined) {
        if ("reason" in this.#end) throw this.#end.reason;
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
