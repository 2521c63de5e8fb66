import type { ServerHttp2Stream } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { FlightError, StreamChunks } from "../../../flight/index.ts";
import { countReceived } from "../../http/received-garbage.ts";
import type { NativeCall } from "./native-call.ts";

/**
 * Returns the body of a request, as the chunks that the socket delivered. An interrupted request throws, so that it does
 * not look complete. A call that ends early ends it.
 */
export function bytesOf(stream: ServerHttp2Stream, call: NativeCall): StreamChunks {
  const bytes = new StreamChunks(stream, { interrupted, onRead: countReceived });
  call.failRequest = (reason) => bytes.fail(stream.closed ? interrupted() : reason);
  return bytes;
}

/**
 * Asserts that a stream of requests is complete. Node's HTTP/2 client ends an interrupted request normally and resets
 * it right after. So an end counts only if the stream is still open after a turn of the event loop.
 *
 * @throws FlightError CANCELLED if the client has disconnected
 */
export async function* untilWhole(
  stream: ServerHttp2Stream,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* bytes;
  for (let turns = 0; turns < 2; turns++) await nextTurn();
  if (stream.closed) throw interrupted();
}

/** Returns the error for a request whose client has disconnected. */
export function interrupted(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the request ended");
}
