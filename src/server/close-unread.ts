import type { IncomingMessage } from "node:http";
import { constants, type Http2ServerRequest } from "node:http2";
import { discardBytesMax, discardTimeoutMs } from "../flight/index.ts";
import type { NodeRequest, NodeResponse } from "./write-response.ts";

/** Sees to a request that is answered before it has ended, so that the client gets the answer, and stops sending. */
export function closeUnreadAfter(req: NodeRequest, res: NodeResponse): void {
  if ("stream" in req) closeHttp2(req);
  else res.once("finish", () => discardRest(req));
}

/**
 * The client is told to stop sending, without an error. Node says when it wants the trailers of an HTTP/2 stream, and
 * they leave in that turn of the event loop; its `finish` comes before them.
 */
function closeHttp2({ stream }: Http2ServerRequest): void {
  stream.once("wantTrailers", () =>
    setImmediate(() => {
      if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
    }),
  );
}

/**
 * What is left of an HTTP/1.1 request is read, within bounds: an answer on a connection that is closed over unread
 * bytes is lost to the client, and on one that is kept open they stand before the next request.
 */
function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  let byteLength = 0;
  const timer = setTimeout(() => req.destroy(), discardTimeoutMs);
  req.once("close", () => clearTimeout(timer));
  req.once("end", () => clearTimeout(timer));
  req.on("data", (chunk: Buffer) => {
    byteLength += chunk.byteLength;
    if (byteLength > discardBytesMax) req.destroy();
  });
  req.resume();
}
