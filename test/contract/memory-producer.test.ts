import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { createCommandDescriptor, createFrame, createPathDescriptor } from "../../src/flight/index.ts";
import { HandshakeRequestSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createTestContext } from "./call-context.ts";
import { collect, streamOf } from "./calls.ts";
import { describeCatalogContract } from "./catalog-contract.ts";
import { describeProducerContract } from "./producer-contract.ts";
import { contentOf, createTable, toPutFrames, toRows } from "./tables.ts";

const close = async (): Promise<void> => {};

describeProducerContract("the producer in memory", async () => ({ producer: createMemoryProducer(), close }));

describeCatalogContract("the producer in memory", async () => {
  const producer = createMemoryProducer();
  return { producer, catalog: producer, close };
});

test("an exchange echoes schema, batches and application metadata", async () => {
  const table = createTable(1);
  const note = createFrame({ appMetadata: Uint8Array.of(7) });
  const opening = createFrame({ descriptor: createPathDescriptor(["anything"]) });
  const sent = [opening, ...toPutFrames(["anything"], table), note];
  const echoed = await collect(createMemoryProducer().doExchange!(createTestContext(), streamOf(sent)));
  expect(echoed.at(-1)).toEqual(note);
  expect(toRows(echoed.slice(0, -1))).toEqual(contentOf(table));
  expect(echoed.some(({ descriptor }) => descriptor !== undefined)).toBe(false);
});

test("a handshake echoes every payload", async () => {
  const requests = [1, 2].map((byte) => create(HandshakeRequestSchema, { payload: Uint8Array.of(byte) }));
  const responses = await collect(createMemoryProducer().handshake!(createTestContext(), streamOf(requests)));
  expect(responses.map(({ payload }) => payload)).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

test("a command is UNIMPLEMENTED: it has whole datasets only", async () => {
  const producer = createMemoryProducer();
  const descriptor = createCommandDescriptor('{"dataset":"a"}');
  const context = createTestContext();
  const calls = [
    async () => producer.getFlightInfo!(context, descriptor),
    async () => producer.pollFlightInfo!(context, descriptor),
    async () => producer.getSchema!(context, descriptor),
    async () => {
      const [schema, ...batches] = toPutFrames(["a"], createTable(1));
      return collect(producer.doPut!(context, streamOf([{ ...schema!, descriptor }, ...batches])));
    },
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "unimplemented" });
});
