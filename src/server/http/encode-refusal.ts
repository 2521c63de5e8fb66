import type { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { endStreamFlag, endStreamToJson } from "@connectrpc/connect/protocol-connect";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import { FlightError, toConnectError, type FlightErrorCode } from "../../flight/index.ts";
import type { LimitName } from "../limits/limit-counter.ts";
import { encodeBase64 } from "../rpc/base64-stream.ts";
import { readsWebText, toWebType } from "../rpc/web-text.ts";
import { encodeJsonError } from "./json-error.ts";
import { formOf, type RequestHead } from "./refusal-form.ts";

/** The reason to reject a request before it has a handler. */
export interface Refusal {
  /** The HTTP status, for protocols that use it. */
  readonly status: keyof typeof codes;
  readonly message: string;
  /** The limit that was reached; none by default. */
  readonly limit?: LimitName | undefined;
}

/** The gRPC codes of the statuses. */
const codes = {
  400: "invalid_argument",
  403: "permission_denied",
  // In gRPC, an unknown path is an unknown method.
  404: "unimplemented",
  408: "deadline_exceeded",
  413: "resource_exhausted",
  414: "resource_exhausted",
  431: "resource_exhausted",
  500: "internal",
} as const satisfies Record<number, FlightErrorCode>;

/** An encoded refusal. The body is omitted if the headers contain everything. */
export interface EncodedRefusal {
  readonly status: number;
  readonly header: Headers;
  readonly body?: Uint8Array;
}

/** Encodes a refusal for the protocol of the request. */
export function encodeRefusal({ status, message }: Refusal, head: RequestHead): EncodedRefusal {
  const { accept, "content-type": contentType = "" } = head.headers;
  const error = toConnectError(new FlightError(codes[status], message));
  switch (formOf(head)) {
    case "grpc":
      // Trailers-Only: the status is in the headers, and there is no body.
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
