import type { Message } from "@bufbuild/protobuf";
import type { Action, FlightDescriptor, Ticket } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import type { CallContext, FlightRelay, ForwardedMethod } from "../../producer/index.ts";
import type { CallChecks } from "./call-checks.ts";
import { openBytes } from "./first-frame.ts";
import type { Gatekeeper } from "./gatekeeper.ts";

/** A check of a call by its message: its only one, or the descriptor in the first one of its stream. */
type Check = (checks: CallChecks, context: CallContext, message: Message | undefined) => CallContext | Promise<unknown>;

const checkInfo: Check = (checks, context, message) => checks.info(context, message as FlightDescriptor);

/** The checks of all methods. The server has parsed each message as the input of its method. */
const checksOf: Readonly<Record<ForwardedMethod, Check>> = {
  getFlightInfo: checkInfo,
  pollFlightInfo: checkInfo,
  getSchema: checkInfo,
  doGet: (checks, context, message) => checks.get(context, message as Ticket),
  doPut: (checks, context, descriptor) => checks.put(context, descriptor as FlightDescriptor | undefined),
  doExchange: (checks, context, descriptor) => checks.exchange(context, descriptor as FlightDescriptor | undefined),
  doAction: (checks, context, message) => checks.act(context, message as Action),
  // The list contains the server's features, but no data.
  listActions: async () => {},
};

/** Guards the calls that a relay forwards as bytes. Returns undefined for a relay that forwards none. */
export function guardForward(relay: FlightRelay, gatekeeper: Gatekeeper, checks: CallChecks): FlightRelay["forward"] {
  const forward = relay.forward?.bind(relay);
  if (forward === undefined) return undefined;
  return async (context, call) => {
    const check = checksOf[call.method];
    // The client of an exchange may wait for the server to send first. So its first message is read only if it must.
    if (call.method === "doExchange" && gatekeeper.isOpen) return await forward(context, call);
    if (call.message !== undefined || gatekeeper.isOpen) {
      await check(checks, context, call.message);
      return await forward(context, call);
    }
    const { descriptor, bytes } = await openBytes(call.requests);
    await check(checks, context, descriptor);
    return await forward(context, { ...call, requests: bytes });
  };
}
