import { FlightError } from "../../../src/flight/index.ts";
import { flightOf, framesOf, fromUtf8, int32Schema, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

/** Batches by their ticket, in the order in which a client is to read them. */
const batches = new Map([
  ["ones", [1, 2, 3]],
  ["tens", [10, 20, 30]],
  ["hundreds", [100, 200, 300]],
]);

/** A flight says that the order of its endpoints is the order of its rows. */
export function ordered(): Scenario {
  return {
    producer: {
      async getFlightInfo(_context, descriptor) {
        return {
          ...flightOf(int32Schema, descriptor),
          endpoint: [...batches.keys()].map((ticket) => ({ ticket: { ticket: utf8(ticket) } })),
          ordered: fromUtf8(descriptor.cmd) === "ordered",
        };
      },
      async *doGet(_context, { ticket }) {
        const values = batches.get(fromUtf8(ticket));
        if (values === undefined) throw new FlightError("not_found", "there is no such ticket");
        yield* framesOf(int32Schema, values);
      },
    },
  };
}
