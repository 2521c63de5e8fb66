import type { ServerHttp2Stream } from "node:http2";
import { ConnectError } from "@connectrpc/connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { FlightError, releaseChunk } from "../../../flight/index.ts";
import { closeUnreadStream } from "../../http/close-unread.ts";
import { toNodeHeaders } from "../../http/write-response.ts";
import { boundTrailer } from "../bound-trailer.ts";
import type { NativeCall } from "./native-call.ts";

/** The response of a call: headers, then messages as fast as the client reads, then the status as trailers. */
export class NativeResponse {
  readonly #stream: ServerHttp2Stream;
  readonly #call: NativeCall;
  #hasRoom: PromiseWithResolvers<void> | undefined;

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
    if (this.#hasRoom === undefined) {
      this.#stream.on("drain", () => this.#hasRoom?.resolve());
      this.#stream.once("close", () => this.#hasRoom?.reject(left()));
    }
    this.#hasRoom = Promise.withResolvers();
    return this.#hasRoom.promise;
  }

  /** Ends the response with a status: OK without an error. @param last - bytes to write before it */
  end(error?: ConnectError, last?: Uint8Array): void {
    if (this.#stream.destroyed || this.#stream.closed) return;
    this.#start();
    const trailer = setTrailerStatus(this.#call.responseTrailer, error);
    if (error) boundTrailer(trailer);
    this.#stream.once("wantTrailers", () => this.#stream.sendTrailers(toNodeHeaders(trailer)));
    if (!this.#stream.readableEnded) closeUnreadStream(this.#stream);
    this.#stream.end(last);
  }

  #start(): void {
    if (this.#stream.headersSent) return;
    this.#stream.respond({ ":status": 200, ...toNodeHeaders(this.#call.responseHeader) }, {
      waitForTrailers: true,
      sendDate: false,
    } as object);
  }
}

function left(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the response ended");
}
