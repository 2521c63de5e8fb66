import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { createPathDescriptor } from "../../../src/flight/index.ts";
import { decodeSchema, decodeSchemaMessage } from "../../../src/arrow/index.ts";
import { ActionSchema } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../call-context.ts";
import { codeOf, collect, criteriaOf, drop, get, list, put } from "../calls.ts";
import { createTable } from "../tables.ts";

/** What producers say of their datasets, and how these are dropped. */
export function describeFlights(subject: () => FlightProducer): void {
  test("a flight's info is what the recipe says", async () => {
    await put(subject(), ["folder", "a"], createTable(1));
    const info = await subject().getFlightInfo!(createTestContext(), createPathDescriptor(["folder", "a"]));
    expect(info.flightDescriptor).toMatchObject({ type: 1, path: ["folder", "a"] });
    expect(info.totalRecords).toBe(12n);
    expect(info.totalBytes).toBeGreaterThan(0n);
    expect(info.endpoint).toHaveLength(1);
    expect(new TextDecoder().decode(info.endpoint?.[0]?.ticket?.ticket)).toBe("folder/a");
  });

  test("info, schema, poll, list and the data itself have one schema", async () => {
    await put(subject(), ["a"], createTable(1));
    const descriptor = createPathDescriptor(["a"]);
    const info = await subject().getFlightInfo!(createTestContext(), descriptor);
    const { schema } = await subject().getSchema!(createTestContext(), descriptor);
    const poll = await subject().pollFlightInfo!(createTestContext(), descriptor);
    const [listed] = await collect(subject().listFlights!(createTestContext(), criteriaOf("")));
    const [first] = await get(subject(), "a");
    const expected = decodeSchema(first!.header);
    expect(expected.fields.map(({ name }) => name)).toEqual(["id", "ratio", "label", "even"]);
    for (const message of [info.schema, schema, poll.info?.schema, listed?.schema]) {
      expect(decodeSchema(decodeSchemaMessage(message!))).toEqual(expected);
    }
    expect(poll.flightDescriptor).toBeUndefined();
  });

  test("a descriptor in another normal form is the same dataset", async () => {
    await put(subject(), ["e\u0301"], createTable(1));
    const info = await subject().getFlightInfo!(createTestContext(), createPathDescriptor(["\u00e9"]));
    expect(info.flightDescriptor?.path).toEqual(["\u00e9"]);
  });

  test("nothing is listed where nothing is", async () => {
    expect(await list(subject())).toEqual([]);
  });

  test("names are listed in the order of their UTF-8 bytes, and matched by a glob", async () => {
    const names = ["a-b", "a.b", "a/b", "a/c/d", "aa", "b", "é", "\uffee", "\u{10000}"];
    for (const name of [...names].reverse()) await put(subject(), name.split("/"), createTable(1, { batchCount: 1 }));
    expect(await list(subject())).toEqual(names);
    expect(await list(subject(), "a*")).toEqual(["a-b", "a.b", "aa"]);
    expect(await list(subject(), "a/**")).toEqual(["a/b", "a/c/d"]);
    expect(await list(subject(), "{b,é}")).toEqual(["b", "é"]);
    expect(await list(subject(), "nothing")).toEqual([]);
    expect(await codeOf(list(subject(), "[a"))).toBe("invalid_argument");
  });

  test("a dropped dataset is gone, and its name is free", async () => {
    await put(subject(), ["a", "b"], createTable(1));
    await drop(subject(), "a/b");
    expect(await list(subject())).toEqual([]);
    expect(await codeOf(get(subject(), "a/b"))).toBe("not_found");
    await put(subject(), ["a"], createTable(2));
    expect(await list(subject())).toEqual(["a"]);
  });

  test("actions are listed, and one that is unknown is UNIMPLEMENTED", async () => {
    const actions = await collect(subject().listActions!(createTestContext()));
    expect(actions).toContainEqual(expect.objectContaining({ type: "drop_dataset", description: "Delete a dataset." }));
    const unknown = create(ActionSchema, { type: "fly_away" });
    expect(await codeOf(collect(subject().doAction!(createTestContext(), unknown)))).toBe("unimplemented");
  });
}
