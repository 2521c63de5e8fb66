import type { ServerResponse } from "node:http";
import { constants, type Http2ServerResponse } from "node:http2";
import { endAnswer } from "./close-unread.ts";
import { encodeRefusal, type Refusal } from "./encode-refusal.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Answers a request with a refusal in the format of its protocol. */
export async function refuse(req: NodeRequest, res: NodeResponse, refusal: Refusal): Promise<void> {
  const { status, header, body } = encodeRefusal(refusal, req);
  res.statusCode = status;
  for (const [name, value] of header) res.setHeader(name, value);
  if (body !== undefined) res.setHeader("content-length", body.byteLength);
  if (body !== undefined && req.method !== "HEAD") (res as ServerResponse).write(body);
  await endAnswer(res);
  if (body === undefined && "stream" in res) setImmediate(() => stopSending(res));
}

/**
 * Tells a client that is still sending to stop. Responses with only headers have no trailers, so `closeUnreadAfter`
 * does not do it.
 */
function stopSending({ stream }: Http2ServerResponse): void {
  if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
}
