import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { createCommandDescriptor } from "../../../src/flight/index.ts";
import { flightOf, fromUtf8, uint32Schema, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

const again = "again";

/** A long query has begun at the first poll and is done at the second. */
export function pollFlightInfo(): Scenario {
  return {
    producer: {
      async pollFlightInfo(_context, descriptor) {
        const info = { ...flightOf(uint32Schema, descriptor), endpoint: [{ ticket: { ticket: utf8("result") } }] };
        if (fromUtf8(descriptor.cmd) === again) return { info, progress: 1 };
        return {
          info,
          flightDescriptor: createCommandDescriptor(again),
          progress: 0.5,
          expirationTime: timestampFromDate(new Date(Date.now() + 60_000)),
        };
      },
    },
  };
}
