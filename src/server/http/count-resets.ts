import { constants, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";

/**
 * Counts the streams that a client resets on a connection. nghttp2 ends a connection above its limit, but does not say
 * why.
 *
 * @returns a function that returns whether there were at least `countMax` resets
 */
export function countResets(session: ServerHttp2Session, countMax: number): () => boolean {
  let count = 0;
  session.on("stream", (stream: ServerHttp2Stream) => {
    stream.once("close", () => {
      if (stream.rstCode === constants.NGHTTP2_CANCEL) count += 1;
    });
  });
  return () => count >= countMax;
}
