import { Schema } from "apache-arrow";
import { FlightError } from "../../../src/flight/index.ts";
import { flightOf, fromUtf8, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

const headerName = "x-middleware";

/** A header is echoed in the answer's headers, whether the call fails or not. */
export function middleware(): Scenario {
  return {
    producer: {
      async getFlightInfo({ requestHeader, responseHeader }, descriptor) {
        responseHeader.set(headerName, requestHeader.get(headerName) ?? "");
        if (fromUtf8(descriptor.cmd) !== "success") throw new FlightError("unknown", "this call is meant to fail");
        return { ...flightOf(new Schema([]), descriptor), endpoint: [{ ticket: { ticket: utf8("any") } }] };
      },
    },
  };
}
