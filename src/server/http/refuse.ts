import type { ServerResponse } from "node:http";
import { constants, type Http2ServerResponse } from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { endStreamFlag, endStreamToJson } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import { encodeBase64 } from "../rpc/base64-stream.ts";
import { readsWebText, toWebType } from "../rpc/web-text.ts";
import { endAnswer } from "./close-unread.ts";
import { encodeJsonError } from "./json-error.ts";
import { formOf, type RefusalForm } from "./refusal-form.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Why a request is answered before any handler has it. */
export interface Refusal {
  /** The status, where the protocol says it by HTTP. */
  readonly status: keyof typeof codes;
  readonly message: string;
}

/** What the statuses are called where the protocol has gRPC's codes. */
const codes = {
  400: Code.InvalidArgument,
  403: Code.PermissionDenied,
  // A gRPC server has no method at an unknown path.
  404: Code.Unimplemented,
  413: Code.ResourceExhausted,
  429: Code.ResourceExhausted,
  431: Code.ResourceExhausted,
  500: Code.Internal,
  503: Code.Unavailable,
} as const;

/** Answers a request that goes no further, in the form that its client reads: that of the protocol it speaks. */
export async function refuse(req: NodeRequest, res: NodeResponse, refusal: Refusal): Promise<void> {
  const form = formOf(req);
  const { status, header, body } = encodeRefusal(form, refusal, req.headers);
  res.statusCode = status;
  for (const [name, value] of header) res.setHeader(name, value);
  if (body !== undefined) res.setHeader("content-length", body.byteLength);
  if (body !== undefined && req.method !== "HEAD") (res as ServerResponse).write(body);
  await endAnswer(res);
  if (body === undefined && "stream" in res) setImmediate(() => stopSending(res));
}

interface EncodedRefusal {
  readonly status: number;
  readonly header: Headers;
  readonly body?: Uint8Array;
}

function encodeRefusal(
  form: RefusalForm,
  { status, message }: Refusal,
  { accept, "content-type": contentType = "" }: NodeRequest["headers"],
): EncodedRefusal {
  const error = new ConnectError(message, codes[status]);
  switch (form) {
    case "grpc":
      // Trailers alone: the status is in the header, and the stream ends with it.
      return { status: 200, header: setTrailers(new Headers({ "content-type": contentType }), error) };
    case "grpc-web": {
      const trailers = encodeEnvelope(trailerFlag, trailerSerialize(setTrailers(new Headers(), error)));
      const isText = readsWebText(contentType, accept);
      const type = toWebType(contentType, isText ? "text" : "binary");
      const body = isText ? encodeBase64(trailers) : trailers;
      return { status: 200, header: new Headers({ "content-type": type }), body };
    }
    case "connect-stream": {
      const end = endStreamToJson(new Headers(), error, undefined);
      const body = encodeEnvelope(endStreamFlag, new TextEncoder().encode(JSON.stringify(end)));
      return { status: 200, header: new Headers({ "content-type": contentType }), body };
    }
    case "json":
      return { status, ...encodeJsonError(error) };
    case "text": {
      const header = new Headers({ "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" });
      return { status, header, body: new TextEncoder().encode(`${message}\n`) };
    }
  }
}

function setTrailers(trailer: Headers, error: ConnectError): Headers {
  setTrailerStatus(trailer, error);
  return trailer;
}

/** An answer of a header alone has no trailers to wait for; a client that still sends is told to stop behind it. */
function stopSending({ stream }: Http2ServerResponse): void {
  if (!stream.readableEnded && !stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
}
