import type { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { endStreamFlag, endStreamToJson } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import { FlightError, toConnectError, type FlightErrorCode } from "../../flight/index.ts";
import { encodeBase64 } from "../rpc/base64-stream.ts";
import { readsWebText, toWebType } from "../rpc/web-text.ts";
import { encodeJsonError } from "./json-error.ts";
import { formOf, type RequestHead } from "./refusal-form.ts";

/** Why a request is answered before any handler has it. */
export interface Refusal {
  /** The status, where the protocol says it by HTTP. */
  readonly status: keyof typeof codes;
  readonly message: string;
}

/** What the statuses are called where the protocol has gRPC's codes. */
const codes = {
  400: "invalid_argument",
  403: "permission_denied",
  // A gRPC server has no method at an unknown path.
  404: "unimplemented",
  408: "deadline_exceeded",
  413: "resource_exhausted",
  414: "resource_exhausted",
  431: "resource_exhausted",
  500: "internal",
} as const satisfies Record<number, FlightErrorCode>;

/** A refusal as it is written: without a body, where the header says all. */
export interface EncodedRefusal {
  readonly status: number;
  readonly header: Headers;
  readonly body?: Uint8Array;
}

/** Writes a refusal in the form that the client of a request reads: that of the protocol it speaks. */
export function encodeRefusal({ status, message }: Refusal, head: RequestHead): EncodedRefusal {
  const { accept, "content-type": contentType = "" } = head.headers;
  const error = toConnectError(new FlightError(codes[status], message));
  switch (formOf(head)) {
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
