import { createContextValues } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { attachBodies, BodyQueue, carriesFlightData, detachBodies, messageBytesMax } from "../flight/index.ts";
import { arrivalKey, type Arrival } from "./call-context.ts";

/** A request whose body is a stream of bytes. */
export interface ByteStreamRequest extends UniversalServerRequest {
  readonly body: AsyncIterable<Uint8Array>;
}

/** Messages of these content types are binary protobuf in envelopes, which bodies can be spliced into. */
const splicedContentType = /^application\/(grpc|grpc-web|connect)(\+proto)?(;|$)/;

/** Has Connect answer a request, with the bodies of FlightData messages spliced past it where the content type allows. */
export async function invokeHandler(
  handler: UniversalHandler,
  request: ByteStreamRequest,
  from: Pick<Arrival, "peer" | "origin">,
): Promise<UniversalServerResponse> {
  const isSpliced = splicedContentType.test(request.header.get("content-type") ?? "");
  const queueFor = (direction: "input" | "output"): BodyQueue | undefined =>
    isSpliced && carriesFlightData(handler.method, direction) ? new BodyQueue() : undefined;
  const requestBodies = queueFor("input");
  const responseBodies = queueFor("output");
  const arrival: Arrival = { ...from, requestBodies, responseBodies };
  const response = await handler({
    ...request,
    body: requestBodies ? detachBodies(request.body, requestBodies, messageBytesMax) : request.body,
    contextValues: createContextValues().set(arrivalKey, arrival),
  });
  if (responseBodies === undefined || response.body === undefined) return response;
  return { ...response, body: attachBodies(response.body, responseBodies) };
}
