import type { CallOptions, FlightClient } from "../../src/client/index.ts";
import type { CallContext, FlightProducer } from "../../src/producer/index.ts";

/** A server behind a client as a producer, so that it can be held to what producers are held to. */
export function createRemoteProducer(client: FlightClient): FlightProducer {
  const call = ({ signal, requestHeader, responseTrailer }: CallContext): CallOptions => ({
    signal,
    headers: requestHeader,
    onTrailer: (trailer) => trailer.forEach((value, name) => responseTrailer.set(name, value)),
  });
  return {
    handshake: (context, requests) => client.handshake(requests, call(context)),
    listFlights: (context, { expression }) => client.listFlights(expression, call(context)),
    getFlightInfo: (context, descriptor) => client.getFlightInfo(descriptor, call(context)),
    pollFlightInfo: (context, descriptor) => client.pollFlightInfo(descriptor, call(context)),
    getSchema: (context, descriptor) => client.getSchema(descriptor, call(context)),
    doGet: (context, ticket) => client.doGet(ticket, call(context)),
    doPut: (context, frames) => client.doPut(frames, call(context)),
    doExchange: (context, frames) => client.doExchange(frames, call(context)),
    doAction: (context, action) => client.doAction(action, call(context)),
    listActions: (context) => client.listActions(call(context)),
  };
}
