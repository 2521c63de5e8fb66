import type { FlightProducer } from "../../../src/producer/index.ts";
import type { Authenticate } from "../../../src/server/index.ts";

/** What a server must be to pass one scenario of the official integration client. */
export interface Scenario {
  readonly producer: FlightProducer;
  /** Says who calls; left out, everybody may. */
  readonly authenticate?: Authenticate;
}
