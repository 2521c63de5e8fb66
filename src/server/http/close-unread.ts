import type { IncomingMessage } from "node:http";
import { constants, type Http2ServerRequest } from "node:http2";
import { discardBytesMax, discardTimeoutMs } from "../../flight/index.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Sees to a request that is answered before it has ended, so that the client gets the answer, and stops sending. */
export function closeUnreadAfter(req: NodeRequest, res: NodeResponse): void {
  if ("stream" in req) closeHttp2(req);
  else res.once("finish", () => void discardRest(req));
}

/**
 * The client is told to stop sending, without an error. Node says when it wants the trailers of an HTTP/2 stream, and
 * they leave in that turn of the event loop; its `finish` comes before them.
 */
function closeHttp2({ stream }: Http2ServerRequest): void {
  stream.once("wantTrailers", () =>
    setImmediate(() => {
      if (stream.readableEnded) return;
      if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
      // A stream is one of the connection's until all that has arrived was read, also where nobody wants it.
      stream.removeAllListeners("readable");
      stream.resume();
    }),
  );
}

/**
 * Ends an answer. Where its connection ends with it (the client asked for that, or speaks HTTP/1.0), what the client
 * still sends is read before: it would find its connection broken, and might never see the answer.
 */
export async function endAnswer(res: NodeResponse): Promise<void> {
  if (!("stream" in res) && !res.shouldKeepAlive) {
    res.flushHeaders();
    await discardRest(res.req);
  }
  res.end();
}

/**
 * What is left of an HTTP/1.1 request is read, within bounds: an answer on a connection that is closed over unread
 * bytes is lost to the client, and on one that is kept open they stand before the next request.
 */
async function discardRest(req: IncomingMessage): Promise<void> {
  if (req.readableEnded || req.destroyed) return;
  // A request that is over has nobody to destroy it for: by then, the connection may carry the next one.
  const giveUp = (): void => void (req.complete || req.destroy());
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, discardTimeoutMs);
  req.once("end", resolve).once("close", resolve);
  // Who still waits for more by this event keeps the request from flowing; the end of it tells them.
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
