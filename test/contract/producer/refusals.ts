import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  createCommandDescriptor,
  createFrame,
  createPathDescriptor,
  type FlightFrame,
} from "../../../src/flight/index.ts";
import { FlightDescriptorSchema } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../call-context.ts";
import { codeOf, collect, drop, failureOf, get, list, put, putFrames, ticketOf } from "../calls.ts";
import { contentOf, createTable, toFrames, toPutFrames, toRows } from "../tables.ts";

/** Which names, descriptors and frames are refused, and how. */
export function describeRefusals(subject: () => FlightProducer): void {
  /** Every way to name a dataset that is to be read or dropped. */
  const readers: [string, (producer: FlightProducer, path: string[]) => Promise<unknown>][] = [
    [
      "getFlightInfo",
      async (producer, path) => producer.getFlightInfo!(createTestContext(), createPathDescriptor(path)),
    ],
    [
      "pollFlightInfo",
      async (producer, path) => producer.pollFlightInfo!(createTestContext(), createPathDescriptor(path)),
    ],
    ["getSchema", async (producer, path) => producer.getSchema!(createTestContext(), createPathDescriptor(path))],
    ["doGet", async (producer, path) => get(producer, path.join("/"))],
    ["drop_dataset", async (producer, path) => drop(producer, path.join("/"))],
  ];
  const puts = async (producer: FlightProducer, path: string[]): Promise<unknown> =>
    putFrames(producer, toPutFrames(path, createTable(1)));

  test.each(readers)("%s: a missing dataset is NOT_FOUND by its name", async (_, call) => {
    const { code, message } = await failureOf(call(subject(), ["folder", "missing.parquet"]));
    expect(code).toBe("not_found");
    expect(message).toContain("folder/missing.parquet");
    expect(await codeOf(call(subject(), ["missing"]))).toBe("not_found");
  });

  test.each([...readers, ["doPut", puts] as const])(
    "%s: what cannot be a name is INVALID_ARGUMENT",
    async (_, call) => {
      for (const path of [[""], [".."], ["..", "up"], [".hidden"], ["a\\b"], ["a\0"], ["a\n"], ["x".repeat(256)]]) {
        expect(await codeOf(call(subject(), path))).toBe("invalid_argument");
      }
    },
  );

  test("a descriptor's segment with a separator is INVALID_ARGUMENT", async () => {
    for (const path of [["a/b"], ["/etc/passwd"], ["../../etc/passwd"], []]) {
      expect(await codeOf(puts(subject(), path))).toBe("invalid_argument");
      expect(await codeOf(readers[0]![1](subject(), path))).toBe("invalid_argument");
    }
  });

  test("a ticket that is no UTF-8 is INVALID_ARGUMENT", async () => {
    const ticket = ticketOf(Uint8Array.of(0xff, 0xfe));
    expect(await codeOf(collect(subject().doGet!(createTestContext(), ticket)))).toBe("invalid_argument");
  });

  test("a descriptor must be a path, or a command that is served", async () => {
    const info = async (descriptor: ReturnType<typeof createPathDescriptor>): Promise<unknown> =>
      subject().getFlightInfo!(createTestContext(), descriptor);
    const refusals = ["unimplemented", "invalid_argument"];
    expect(refusals).toContain(await codeOf(info(createCommandDescriptor("SELECT 1"))));
    expect(await codeOf(info(create(FlightDescriptorSchema, { path: ["a"] })))).toBe("invalid_argument");
  });

  const [schema, batch, ...others] = toFrames(createTable(9));
  const descriptor = createPathDescriptor(["a"]);
  const malformed: [string, FlightFrame[]][] = [
    ["no message at all", []],
    ["no descriptor", [schema!, batch!]],
    ["a descriptor on the second message only", [schema!, createFrame({ ...batch, descriptor })]],
    ["no schema", [createFrame({ descriptor })]],
    ["a batch before the schema", [createFrame({ ...batch, descriptor }), schema!]],
    ["a second schema", [createFrame({ ...schema, descriptor }), batch!, schema!, ...others]],
    [
      "a header of noise",
      [createFrame({ ...schema, descriptor }), createFrame({ header: new Uint8Array(64).fill(0xa5) })],
    ],
    ["a schema of noise", [createFrame({ descriptor, header: new Uint8Array(64).fill(0xa5) })]],
  ];

  test.each(malformed)("a put with %s is INVALID_ARGUMENT and leaves what was there", async (_, frames) => {
    await put(subject(), ["a"], createTable(1));
    expect(await codeOf(putFrames(subject(), frames))).toBe("invalid_argument");
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(1)));
    expect(await list(subject())).toEqual(["a"]);
  });
}
