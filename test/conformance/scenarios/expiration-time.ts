import { randomUUID } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { FlightError } from "../../../src/flight/index.ts";
import {
  CancelFlightInfoRequestSchema,
  CancelFlightInfoResultSchema,
  CancelStatus,
  FlightEndpointSchema,
  RenewFlightEndpointRequestSchema,
  type FlightEndpoint,
} from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { flightOf, framesOf, fromUtf8, uint32Schema, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

/** What becomes of one endpoint. */
interface Offer {
  /** Its place in the flight, which is also its data. */
  readonly index: number;
  /** Until when it may be fetched, in milliseconds since 1970; undefined where it may be fetched just once. */
  expiresMs: number | undefined;
  wasFetched: boolean;
}

/** Endpoints may be fetched once, or until they expire; they can be renewed and cancelled. */
export function expirationTime(): Scenario {
  const offers = new Map<string, Offer>();
  const find = (ticket: Uint8Array | undefined): Offer => {
    const offer = offers.get(fromUtf8(ticket ?? new Uint8Array(0)));
    if (offer === undefined) throw new FlightError("not_found", "the ticket was never given, or is cancelled");
    return offer;
  };
  return {
    producer: {
      async getFlightInfo(_context, descriptor) {
        const endpoint = [undefined, 60_000, 120_000].map((lifetimeMs, index) => {
          const expiresMs = lifetimeMs === undefined ? undefined : Date.now() + lifetimeMs;
          const ticket = randomUUID();
          offers.set(ticket, { index, expiresMs, wasFetched: false });
          return endpointOf(ticket, expiresMs);
        });
        return { ...flightOf(uint32Schema, descriptor), endpoint };
      },
      async *doGet(_context, { ticket }) {
        const offer = find(ticket);
        const isOver = offer.expiresMs === undefined ? offer.wasFetched : offer.expiresMs < Date.now();
        if (isOver) throw new FlightError("not_found", "the ticket has expired");
        offer.wasFetched = true;
        yield* framesOf(uint32Schema, [offer.index]);
      },
      async *listActions() {
        yield { type: "CancelFlightInfo", description: "Forgets the endpoints of a flight." };
        yield { type: "RenewFlightEndpoint", description: "Lets an endpoint expire later." };
      },
      async *doAction(_context, action) {
        if (action.type === "CancelFlightInfo") {
          const { info } = fromBinary(CancelFlightInfoRequestSchema, action.body);
          const status = cancel(offers, info?.endpoint ?? []);
          yield { body: toBinary(CancelFlightInfoResultSchema, create(CancelFlightInfoResultSchema, { status })) };
        } else if (action.type === "RenewFlightEndpoint") {
          const ticket = fromBinary(RenewFlightEndpointRequestSchema, action.body).endpoint?.ticket?.ticket;
          const offer = find(ticket);
          offer.expiresMs = (offer.expiresMs ?? Date.now()) + 60_000;
          yield { body: toBinary(FlightEndpointSchema, endpointOf(fromUtf8(ticket!), offer.expiresMs)) };
        } else {
          throw new FlightError("unimplemented", "there is no such action");
        }
      },
    },
  };
}

function endpointOf(ticket: string, expiresMs: number | undefined): FlightEndpoint {
  const expiration = expiresMs === undefined ? {} : { expirationTime: timestampFromDate(new Date(expiresMs)) };
  return create(FlightEndpointSchema, { ticket: { ticket: utf8(ticket) }, ...expiration });
}

function cancel(offers: Map<string, Offer>, endpoints: readonly FlightEndpoint[]): CancelStatus {
  const tickets = endpoints.map(({ ticket }) => fromUtf8(ticket?.ticket ?? new Uint8Array(0)));
  if (!tickets.every((ticket) => offers.has(ticket))) return CancelStatus.NOT_CANCELLABLE;
  for (const ticket of tickets) offers.delete(ticket);
  return CancelStatus.CANCELLED;
}
