import type { IncomingMessage } from "node:http";
import { constants, type ServerHttp2Stream } from "node:http2";
import { discardBytesMax, discardTimeoutMs } from "./limits.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Handles a request that is answered before it has ended: the client gets the response and then stops sending. */
export function closeUnreadAfter(req: NodeRequest, res: NodeResponse): void {
  if ("stream" in req) closeUnreadStream(req.stream);
  else res.once("finish", () => void discardRest(req));
}

/**
 * Tells the client to stop sending, without an error. Node requests the trailers of an HTTP/2 stream, and sends them in
 * the same turn of the event loop. Its event `finish` is earlier.
 */
export function closeUnreadStream(stream: ServerHttp2Stream): void {
  stream.once("wantTrailers", () =>
    setImmediate(() => {
      if (stream.readableEnded) return;
      if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
      // A stream counts as open on the connection until all received data was read, even if no code needs the data.
      stream.removeAllListeners("readable");
      stream.resume();
    }),
  );
}

/**
 * Ends a response. If the connection closes after it (the client requested that, or uses HTTP/1.0), the rest of the
 * request is read first. Otherwise the client might see a broken connection instead of the response.
 */
export async function endAnswer(res: NodeResponse): Promise<void> {
  if (!("stream" in res) && !res.shouldKeepAlive) {
    res.flushHeaders();
    await discardRest(res.req);
  }
  res.end();
}

/**
 * Reads the rest of an HTTP/1.1 request, within limits. If a connection closes with unread bytes, the client loses the
 * response. If it stays open, the bytes are before the next request.
 */
async function discardRest(req: IncomingMessage): Promise<void> {
  if (req.readableEnded || req.destroyed) return;
  // A complete request must not be destroyed, because the connection may already serve the next one.
  const giveUp = (): void => void (req.complete || req.destroy());
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, discardTimeoutMs);
  req.once("end", resolve).once("close", resolve);
  // A listener for this event prevents the request from flowing. It learns the end of the request anyway.
  req.removeAllListeners("readable");
  let byteLength = 0;
  req.on("data", (chunk: Buffer) => {
    byteLength += chunk.byteLength;
    if (byteLength > discardBytesMax) giveUp();
  });
  req.resume();
  await ended;
  clearTimeout(timer);
}
