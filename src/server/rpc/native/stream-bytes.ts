import type { ServerHttp2Stream } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { FlightError, StreamChunks } from "../../../flight/index.ts";
import { countReceived } from "../../http/received-garbage.ts";
import type { NativeCall } from "./native-call.ts";

/**
 * Returns the body of a request, as the chunks that the socket delivered. An interrupted request throws CANCELLED, so
 * that it does not look complete. A call that ends early ends it.
 *
 * @param takesStream - whether a truncated request could look complete. Node's HTTP/2 client ends an interrupted request
 * normally and resets it right after. So such an end counts only if the stream is still open after a turn of the event
 * loop.
 */
export function bytesOf(stream: ServerHttp2Stream, call: NativeCall, takesStream: boolean): StreamChunks {
  const options = { interrupted, onRead: countReceived, ...(takesStream && { untilSure: twoTurns }) };
  const bytes = new StreamChunks(stream, options);
  const fail = (reason: Error): void => bytes.fail(stream.closed ? interrupted() : reason);
  call.failRequest = fail;
  return bytes;
}

async function twoTurns(): Promise<void> {
  for (let turns = 0; turns < 2; turns++) await nextTurn();
}

/** Returns the error for a request whose client has disconnected. */
export function interrupted(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the request ended");
}
