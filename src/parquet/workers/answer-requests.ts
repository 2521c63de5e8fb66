import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { BytesAnswer, BytesChannel, BytesRequest } from "./worker-protocol.ts";

/** Reads bytes of a job's file into new memory. */
export type ReadJobBytes = (request: BytesRequest, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

/** The main thread's side of `request-bytes.ts`: answers a worker's requests for bytes of its job's file. */
export class RequestAnswerer {
  /** The worker's end. */
  readonly channel: BytesChannel;
  readonly #port: MessagePort;
  #read: (request: BytesRequest) => Promise<Uint8Array<ArrayBuffer>> = () => Promise.reject(new Error("no job reads"));
  #answering: Promise<void> = Promise.resolve();

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.channel = { port: port2, signal: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
    port1.on("message", (request: BytesRequest) => (this.#answering = this.#answer(request)));
    port1.unref();
  }

  /**
   * Answers requests while a job runs.
   *
   * @returns a function that stops answering; it resolves after the last read has ended, to the error of a failed read
   */
  serve(read: ReadJobBytes): () => Promise<unknown> {
    const ending = new AbortController();
    let failure: unknown;
    const readOnce = async (request: BytesRequest): Promise<Uint8Array<ArrayBuffer>> => {
      try {
        return await read(request, ending.signal);
      } catch (reason) {
        failure ??= reason;
        throw reason;
      }
    };
    this.#read = readOnce;
    return async () => {
      ending.abort();
      await this.#answering;
      return failure;
    };
  }

  close(): void {
    this.#port.close();
  }

  async #answer(request: BytesRequest): Promise<void> {
    let answer: BytesAnswer;
    try {
      answer = { bytes: await this.#read(request) };
    } catch (reason) {
      answer = { failure: reason instanceof Error ? reason.message : String(reason) };
    }
    this.#port.postMessage(answer, "bytes" in answer ? [answer.bytes.buffer] : []);
    Atomics.store(this.channel.signal, 0, 1);
    Atomics.notify(this.channel.signal, 0);
  }
}
