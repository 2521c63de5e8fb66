import type { ServerHttp2Stream } from "node:http2";
import { ConnectError } from "@connectrpc/connect";
import { FlightError, releaseChunk } from "../../../flight/index.ts";
import { closeUnreadStream } from "../../http/close-unread.ts";
import type { NativeCall } from "./native-call.ts";

/** The response of a call: headers, then messages as fast as the client reads, then the status as trailers. */
export class NativeResponse {
  readonly #stream: ServerHttp2Stream;
  readonly #call: NativeCall;
  #room: PromiseWithResolvers<void> | undefined;
  #isWatched = false;

  constructor(stream: ServerHttp2Stream, call: NativeCall) {
    this.#stream = stream;
    this.#call = call;
  }

  /**
   * Writes bytes. Their memory is released after they were sent.
   *
   * @returns a promise if the caller should wait before it writes more
   * @throws FlightError CANCELLED if the client has disconnected
   */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#stream.destroyed || this.#stream.closed) throw left();
    this.#start();
    // Without an error, the socket has copied the bytes. After an error, it may still use them.
    const hasRoom = this.#stream.write(bytes, (error) => {
      if (!error) releaseChunk(bytes);
    });
    return hasRoom ? undefined : this.#waitForRoom();
  }

  #waitForRoom(): Promise<void> {
    if (!this.#isWatched) {
      this.#isWatched = true;
      this.#stream.on("drain", () => {
        this.#room?.resolve();
        this.#room = undefined;
      });
      // After the response, nobody waits, and the error is not made.
      this.#stream.once("close", () => this.#room?.reject(left()));
    }
    this.#room = Promise.withResolvers();
    return this.#room.promise;
  }

  /** Ends the response with a status: OK without an error. @param last - bytes to write before it */
  end(error?: ConnectError, last?: Uint8Array): void {
    if (this.#stream.destroyed || this.#stream.closed) return;
    this.#start();
    const trailer = this.#call.toTrailer(error);
    this.#stream.once("wantTrailers", () => this.#stream.sendTrailers(trailer));
    if (!this.#stream.readableEnded) closeUnreadStream(this.#stream);
    this.#stream.end(last);
  }

  #start(): void {
    if (this.#stream.headersSent) return;
    this.#stream.respond(this.#call.toHeader(), responseOptions);
  }
}

/** Node's types do not have `sendDate`. */
const responseOptions: object = { waitForTrailers: true, sendDate: false };

function left(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the response ended");
}
