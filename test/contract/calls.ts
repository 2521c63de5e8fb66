import { create } from "@bufbuild/protobuf";
import { toFlightError, type FlightErrorCode, type FlightFrame } from "../../src/flight/index.ts";
import {
  ActionSchema,
  CriteriaSchema,
  TicketSchema,
  type Action,
  type Criteria,
  type Ticket,
} from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createTestContext, type TestCall } from "./call-context.ts";
import { toPutFrames } from "./tables.ts";
import type { Table } from "apache-arrow";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export const ticketOf = (name: string | Uint8Array<ArrayBuffer>): Ticket =>
  create(TicketSchema, { ticket: typeof name === "string" ? utf8(name) : name });

export const criteriaOf = (expression: string): Criteria => create(CriteriaSchema, { expression: utf8(expression) });

export const dropOf = (name: string): Action => create(ActionSchema, { type: "drop_dataset", body: utf8(name) });

/** All that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Gives items as a peer's stream does: one at a time, each a turn later. */
export async function* streamOf<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  for (const item of items) {
    await new Promise((resolve) => setImmediate(resolve));
    yield item;
  }
}

/** Gives items, then fails as the stream of a client that has vanished does. */
export async function* brokenStreamOf<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* streamOf(items);
  throw new Error("the client has vanished");
}

/** Gives items, then stays silent until its reader goes away. */
export async function* silentStreamOf<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* streamOf(items);
  await new Promise(() => {});
}

/** Puts a table, and gives the acknowledgements as text. */
export async function put(producer: FlightProducer, path: readonly string[], table: Table): Promise<string[]> {
  return putFrames(producer, toPutFrames(path, table, { acknowledged: true }));
}

/** Puts frames, and gives the acknowledgements as text. */
export async function putFrames(
  producer: FlightProducer,
  frames: Iterable<FlightFrame> | AsyncIterable<FlightFrame>,
  call: TestCall = {},
): Promise<string[]> {
  const results = await collect(producer.doPut!(createTestContext(call), toStream(frames)));
  return results.map(({ appMetadata }) => new TextDecoder().decode(appMetadata));
}

function toStream(frames: Iterable<FlightFrame> | AsyncIterable<FlightFrame>): AsyncIterable<FlightFrame> {
  return Symbol.asyncIterator in frames ? frames : streamOf(frames);
}

/** Puts frames, and gives what the trailers tell about the put. */
export async function putResult(producer: FlightProducer, frames: Iterable<FlightFrame>): Promise<string | null> {
  const context = createTestContext();
  await collect(producer.doPut!(context, toStream(frames)));
  return context.responseTrailer.get("hangar-put-result");
}

/** The frames behind a ticket. */
export async function get(producer: FlightProducer, name: string): Promise<FlightFrame[]> {
  return collect(producer.doGet!(createTestContext(), ticketOf(name)));
}

/** Drops a dataset. */
export async function drop(producer: FlightProducer, name: string): Promise<void> {
  await collect(producer.doAction!(createTestContext(), dropOf(name)));
}

/** The names of all flights, or of those that match, in the order they are listed. */
export async function list(producer: FlightProducer, expression = ""): Promise<string[]> {
  const flights = await collect(producer.listFlights!(createTestContext(), criteriaOf(expression)));
  return flights.map((flight) => (flight.flightDescriptor?.path ?? []).join("/"));
}

/** The code and message that a call fails with; fails itself where the call does not. */
export async function failureOf(call: Promise<unknown>): Promise<{ code: FlightErrorCode; message: string }> {
  try {
    await call;
  } catch (reason) {
    const { code, message } = toFlightError(reason);
    return { code, message };
  }
  throw new Error("the call was expected to fail");
}

/** The code that a call fails with. */
export async function codeOf(call: Promise<unknown>): Promise<FlightErrorCode> {
  return (await failureOf(call)).code;
}
