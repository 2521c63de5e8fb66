import { Schema } from "apache-arrow";
import { flightOf, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

/** A location tells the client to fetch the flight over the connection that it has. */
export function locationReuseConnection(): Scenario {
  return {
    producer: {
      async getFlightInfo(_context, descriptor) {
        const location = [{ uri: "arrow-flight-reuse-connection://?" }];
        return { ...flightOf(new Schema([]), descriptor), endpoint: [{ ticket: { ticket: utf8("any") }, location }] };
      },
    },
  };
}
