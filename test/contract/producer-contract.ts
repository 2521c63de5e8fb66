import { afterAll, beforeEach, describe } from "vitest";
import type { FlightProducer } from "../../src/producer/index.ts";
import { drop, list } from "./calls.ts";
import { describeAcknowledgements } from "./producer/acknowledgements.ts";
import { describeEndings } from "./producer/endings.ts";
import { describeFlights } from "./producer/flights.ts";
import { describePutAndGet } from "./producer/put-and-get.ts";
import { describePutModes } from "./producer/put-modes.ts";
import { describeRefusals } from "./producer/refusals.ts";

/** A producer of datasets to hold to the contract, empty at first. */
export interface ProducerUnderTest {
  readonly producer: FlightProducer;
  /** Releases what it holds; runs once, after the last test. */
  close(): Promise<void>;
}

/**
 * The contract of every producer of datasets: the cookbook's recipe, and what Hangar promises beside it. It is
 * the same whether the producer is called directly or through a server.
 *
 * @param keepsReplaced - whether a reader keeps the version that it opened when it is replaced
 */
export function describeProducerContract(
  subject: string,
  open: () => Promise<ProducerUnderTest>,
  { keepsReplaced = true } = {},
): void {
  describe(`${subject} keeps the contract of producers`, () => {
    let producer: FlightProducer;
    let close: (() => Promise<void>) | undefined;

    beforeEach(async () => {
      if (close === undefined) ({ producer, close } = await open());
      for (const name of await list(producer)) await drop(producer, name);
    });
    afterAll(async () => close?.());

    describePutAndGet(() => producer, keepsReplaced);
    describePutModes(() => producer);
    describeAcknowledgements(() => producer);
    describeFlights(() => producer);
    describeRefusals(() => producer);
    describeEndings(() => producer);
  });
}
