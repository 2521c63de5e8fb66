import { flightOf, uint32Schema } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

/** A flight and its endpoint have application metadata: here the descriptor's command. */
export function appMetadata(): Scenario {
  return {
    producer: {
      async getFlightInfo(_context, descriptor) {
        const { cmd } = descriptor;
        return { ...flightOf(uint32Schema, descriptor), appMetadata: cmd, endpoint: [{ appMetadata: cmd }] };
      },
    },
  };
}
