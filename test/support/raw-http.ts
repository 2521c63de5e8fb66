import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { patienceMs } from "./wait.ts";

/** Sends bytes as they are over a connection of their own; gives all that comes back until the server closes it. */
export async function sendRaw(port: number, request: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(patienceMs, () => socket.destroy(new Error("the server neither answered nor closed")));
  socket.write(request);
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk.toString("latin1")));
  let failure: Error | undefined;
  socket.on("error", (reason) => (failure = reason));
  await new Promise((resolve) => socket.once("close", resolve));
  // A connection may break behind its answer: the server closes it before it has read all.
  if (answer === "" && failure) throw failure;
  return answer;
}

/** What came back on an HTTP/2 stream until the server closed it. */
export interface Http2Answer {
  readonly status: number;
  /** The header and trailers together: gRPC's status is in either. */
  readonly fields: Readonly<Record<string, string>>;
  /** The code of the stream's end, 0 for NO_ERROR. */
  readonly rstCode: number;
}

/**
 * Opens a stream with the fields given, over cleartext HTTP/2, writes the bytes and does not end its side, unless told to:
 * the answer is complete when the server has closed the stream.
 */
export async function openHttp2Stream(
  port: number,
  fields: Record<string, string>,
  bytes: Uint8Array,
  isEnded = false,
): Promise<Http2Answer> {
  const session = connectHttp2(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1 << 20 });
  session.on("error", () => {});
  try {
    const stream = session.request({ ":method": "POST", ...fields }, { endStream: false });
    stream.setTimeout(patienceMs, () => stream.destroy(new Error("the server neither answered nor closed")));
    const seen: Record<string, string> = {};
    const note = (header: object) => {
      for (const [name, value] of Object.entries(header)) seen[name] = String(value);
    };
    stream.on("response", note);
    stream.on("trailers", note);
    stream.resume();
    if (isEnded) stream.end(bytes);
    else stream.write(bytes);
    await once(stream, "close");
    return { status: Number(seen[":status"]), fields: seen, rstCode: stream.rstCode ?? constants.NGHTTP2_NO_ERROR };
  } finally {
    session.destroy();
  }
}
