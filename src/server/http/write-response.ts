import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { FlightError, releaseChunk } from "../../flight/index.ts";
import { endAnswer } from "./close-unread.ts";
import type { NodeResponse } from "./node-messages.ts";

/**
 * Writes Connect's response to a socket, chunk by chunk, as fast as the client reads. The memory of a body is released
 * after it was sent.
 *
 * @throws FlightError CANCELLED if the client has disconnected; errors of the response body
 */
export async function writeResponse(response: UniversalServerResponse, res: NodeResponse): Promise<void> {
  const chunks = (response.body ?? noChunks())[Symbol.asyncIterator]();
  const writer = new ChunkWriter(res);
  try {
    let next = await chunks.next();
    writeHead(res, response.status, response.header);
    for (; next.done !== true; next = await chunks.next()) {
      const room = writer.write(next.value);
      if (room) await room;
    }
    if (response.trailer) res.addTrailers(toNodeHeaders(response.trailer));
    await endAnswer(res);
  } finally {
    // Not awaited: a body that is waiting ends when the call's signal aborts.
    void Promise.resolve(chunks.return?.()).catch(() => {});
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array> {}

/** Calls a method that both HTTP versions have. TypeScript cannot call it on the union of both types. */
function writeHead(res: NodeResponse, status: number, header: Headers | undefined): void {
  (res as ServerResponse).writeHead(status, toNodeHeaders(header ?? new Headers()));
}

/** Converts headers or trailers to Node's form. Cookies stay separate. */
export function toNodeHeaders(headers: Headers): OutgoingHttpHeaders {
  const cookies = headers.getSetCookie();
  // Connect closes the connection if a method needs HTTP/2. That is not necessary here.
  const { connection: _, ...fields } = Object.fromEntries(headers);
  return { ...fields, ...(cookies.length > 0 && { "set-cookie": cookies }) };
}

/** Writes chunks one by one, each when there is space. */
class ChunkWriter {
  readonly #res: NodeResponse;
  #isClosed: boolean;
  #hasRoom: PromiseWithResolvers<void> | undefined;

  constructor(res: NodeResponse) {
    this.#res = res;
    this.#isClosed = "stream" in res ? res.stream.destroyed : res.destroyed;
    res.on("drain", () => this.#hasRoom?.resolve());
    res.once("close", () => this.#close());
    res.once("error", () => this.#close());
  }

  /** Returns a promise if the caller should wait before it writes more. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#isClosed) throw left();
    // Without an error, the socket has copied the bytes. After an error, it may still use them.
    const hasRoom = (this.#res as ServerResponse).write(chunk, (error) => {
      if (!error) releaseChunk(chunk);
    });
    if (hasRoom) return undefined;
    this.#hasRoom = Promise.withResolvers();
    return this.#hasRoom.promise;
  }

  #close(): void {
    this.#isClosed = true;
    this.#hasRoom?.reject(left());
  }
}

function left(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the response ended");
}
