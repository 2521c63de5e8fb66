import type { ServerResponse } from "node:http";
import { constants, type Http2ServerResponse } from "node:http2";
import { endAnswer } from "./close-unread.ts";
import { encodeRefusal, type Refusal } from "./encode-refusal.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Answers a request that goes no further, in the form that its client reads. */
export async function refuse(req: NodeRequest, res: NodeResponse, refusal: Refusal): Promise<void> {
  const { status, header, body } = encodeRefusal(refusal, req);
  res.statusCode = status;
  for (const [name, value] of header) res.setHeader(name, value);
  if (body !== undefined) res.setHeader("content-length", body.byteLength);
  if (body !== undefined && req.method !== "HEAD") (res as ServerResponse).write(body);
  await endAnswer(res);
  if (body === undefined && "stream" in res) setImmediate(() => stopSending(res));
}

/** A response of only headers has no trailers. A client that still sends is told to stop after it. */
function stopSending({ stream }: Http2ServerResponse): void {
  if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
}
