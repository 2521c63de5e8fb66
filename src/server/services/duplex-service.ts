import type { MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import {
  duplexHeartbeatMs,
  duplexSendBytesMax,
  duplexWindowBytes,
  fromDuplexHeaders,
  streamIdHeader,
  toDuplexHeaders,
} from "../../duplex/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { DuplexService, OpenRequest, OpenResponseSchema } from "../../gen/hangar/v1/duplex_service_pb.ts";
import { arrivalKey, identityKey } from "../rpc/call-context.ts";
import { callerOf } from "../limits/places.ts";
import type { DuplexStream, DuplexStreams } from "./duplex-streams.ts";
import type { SplicedHandler } from "../rpc/splice-handler.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { withHeartbeat } from "./with-heartbeat.ts";

type Events = AsyncIterable<MessageInitShape<typeof OpenResponseSchema>>;

/** Options of the duplex service. */
export interface DuplexServiceOptions {
  readonly streams: DuplexStreams;
  readonly translator: ErrorTranslator;
}

/** Implements `hangar.v1.DuplexService`. It calls the same handlers as native gRPC, with the requests from Sends. */
export function createDuplexService(
  handlers: ReadonlyMap<string, SplicedHandler>,
  { streams, translator }: DuplexServiceOptions,
): ServiceImpl<typeof DuplexService> {
  return {
    open: (request, context) =>
      translator.stream(context, () =>
        withHeartbeat(open(request, context, { streams, handlers }), duplexHeartbeatMs, {
          event: { case: "heartbeat", value: {} },
        }),
      ),
  };
}

function callerOfCall({ values }: HandlerContext): string {
  return callerOf(values.get(identityKey).subject, values.get(arrivalKey).peer);
}

async function* open(
  request: OpenRequest,
  context: HandlerContext,
  { streams, handlers }: { streams: DuplexStreams; handlers: ReadonlyMap<string, SplicedHandler> },
): Events {
  const handler = handlers.get(request.path);
  if (handler === undefined) throw new FlightError("unimplemented", `there is no call at ${quoteName(request.path)}`);
  const stream = streams.open(callerOfCall(context), context.requestHeader.get(streamIdHeader) ?? undefined);
  try {
    yield {
      event: {
        case: "opened",
        value: { streamId: stream.id, windowBytes: duplexWindowBytes, sendBytesMax: duplexSendBytesMax },
      },
    };
    yield* relay(await callInner(handler, request, context, stream), stream);
  } finally {
    stream.close();
  }
}

/** Calls the handler as if the request had arrived over native gRPC. */
async function callInner(
  handler: SplicedHandler,
  request: OpenRequest,
  context: HandlerContext,
  stream: DuplexStream,
): Promise<UniversalServerResponse> {
  const { origin, peer, clientCertificate } = context.values.get(arrivalKey);
  const signal = AbortSignal.any([context.signal, stream.idle]);
  signal.addEventListener("abort", () => stream.queue.fail(signal.reason), { once: true });
  const inner = {
    httpVersion: "2",
    method: "POST",
    url: new URL(request.path, origin).toString(),
    header: innerHeader(request, context),
    body: stream.queue.read(),
    signal,
  };
  return await handler.answer(inner, { origin, peer, clientCertificate });
}

/** Headers in which a browser names the calling page. */
const pageHeaders = ["origin", "sec-fetch-site"];

/** Headers with credentials that a client sets. */
const credentialHeaders = ["authorization", "auth-token-bin"];

/**
 * Returns the headers of the inner call, with the page's origin and the credentials of Open. A page cannot see its
 * cookies, nor a token that a reverse proxy with a login adds, but Open has them. Credentials of the inner call itself
 * override them.
 */
function innerHeader(request: OpenRequest, context: HandlerContext): Headers {
  const header = fromDuplexHeaders(request.headers);
  for (const name of pageHeaders) {
    const value = context.requestHeader.get(name);
    if (value === null) header.delete(name);
    else header.set(name, value);
  }
  addMissing(header, context.requestHeader, ["cookie"]);
  if (!credentialHeaders.some((name) => header.has(name))) addMissing(header, context.requestHeader, credentialHeaders);
  return header;
}

function addMissing(header: Headers, source: Headers, names: readonly string[]): void {
  for (const name of names) {
    const value = source.get(name);
    if (value !== null && !header.has(name)) header.set(name, value);
  }
}

async function* relay(response: UniversalServerResponse, stream: DuplexStream): Events {
  const headers = toDuplexHeaders(response.header ?? new Headers());
  yield { event: { case: "head", value: { status: response.status, headers } } };
  for await (const chunk of response.body ?? []) {
    stream.touch();
    yield { event: { case: "chunk", value: chunk } };
  }
  yield { event: { case: "trailer", value: { trailers: toDuplexHeaders(response.trailer ?? new Headers()) } } };
}
