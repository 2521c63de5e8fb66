import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { encodeEnvelope, untilFirst, type UniversalServerResponse } from "@connectrpc/connect/protocol";
import { setTrailerStatus, trailerFlag, trailerSerialize } from "@connectrpc/connect/protocol-grpc-web";
import { EnvelopeCounter, toConnectError } from "../../../flight/index.ts";
import type { CallObserver } from "../../calls/call-observer.ts";
import { boundTrailer } from "../bound-trailer.ts";
import type { ByteStreamRequest } from "../byte-stream-request.ts";
import { arrivalKey, observedKey, type Sender } from "../call-context.ts";
import { EndableBytes } from "../endable-bytes.ts";
import type { MethodRegistry, RawImplementation } from "../method-registry.ts";
import { beginCall } from "../observe-handler.ts";
import type { RequestAnswerer } from "../splice-handler.ts";
import { readsWebText } from "../web-text.ts";
import { disconnected, NativeCall, timeoutForm } from "./native-call.ts";

/** The dependencies of raw methods over gRPC-Web. */
export interface WebRelayOptions {
  readonly desc: DescMethod;
  readonly raw: RawImplementation;
  readonly gate: MethodRegistry["gate"];
  /** Observes each call; none by default. */
  readonly observer?: CallObserver | undefined;
}

/**
 * Answers calls of gRPC-Web with the raw implementation of a method. Messages are the same bytes as in native gRPC, and
 * the trailers follow them in an envelope of their own. Other calls go to the handler. Source: PROTOCOL-WEB of gRPC.
 */
export function withRawWeb<A extends RequestAnswerer>(handler: A, options: WebRelayOptions): A {
  return {
    ...handler,
    async answer(request, from) {
      return isPlainWeb(request) ? await answerWeb(request, from, options) : await handler.answer(request, from);
    },
  };
}

const binaryType = /^application\/grpc-web(\+proto)?$/i;

/** Whether a call is in binary protobuf, without compression. */
function isPlainWeb({ method, header }: ByteStreamRequest): boolean {
  const type = header.get("content-type") ?? "";
  const encoding = header.get("grpc-encoding") ?? "identity";
  const timeout = header.get("grpc-timeout");
  return (
    method === "POST" &&
    binaryType.test(type) &&
    !readsWebText(type, header.get("accept")) &&
    (encoding === "" || encoding === "identity") &&
    (timeout === null || timeoutForm.test(timeout))
  );
}

async function answerWeb(
  request: ByteStreamRequest,
  from: Sender,
  { desc, raw, gate, observer }: WebRelayOptions,
): Promise<UniversalServerResponse> {
  const { header, signal } = request;
  const body = new EndableBytes(request.body);
  const observed = observer && beginCall(observer, desc, request, from);
  const call = new NativeCall(desc, header, from.origin);
  call.responseHeader.set("content-type", "application/grpc-web+proto");
  call.values.set(arrivalKey, from).set(observedKey, observed);
  const fail = (reason: Error): void => body.fail(reason);
  call.failRequest = fail;
  const abort = (): void => call.abort(signal.reason instanceof Error ? signal.reason : disconnected);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  const respond = async function* (): AsyncGenerator<Uint8Array> {
    const counter = new EnvelopeCounter();
    let error: ConnectError | undefined;
    try {
      await gate(call);
      for await (const chunk of raw(body, call)) {
        counter.count(chunk);
        yield chunk;
      }
    } catch (reason) {
      observed?.noteReason(reason);
      error = toConnectError(reason);
      // A status cannot be sent in the middle of a message, so the response breaks off.
      if (counter.isInside) throw error;
    } finally {
      observed?.end(error?.code);
      call.end();
    }
    const trailer = setTrailerStatus(call.responseTrailer, error);
    boundTrailer(trailer);
    yield encodeEnvelope(trailerFlag, trailerSerialize(trailer));
  };
  // The headers are complete when the first bytes are there.
  return { status: 200, header: call.responseHeader, body: await untilFirst(respond()) };
}
