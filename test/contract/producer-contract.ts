import { create } from "@bufbuild/protobuf";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  createCommandDescriptor,
  createFrame,
  createPathDescriptor,
  type FlightFrame,
} from "../../src/flight/index.ts";
import { decodeSchema, decodeSchemaMessage, messageKind } from "../../src/arrow/index.ts";
import { ActionSchema, FlightDescriptorSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createTestContext } from "./call-context.ts";
import {
  brokenStreamOf,
  codeOf,
  collect,
  criteriaOf,
  drop,
  failureOf,
  get,
  list,
  put,
  putFrames,
  putResult,
  silentStreamOf,
  streamOf,
  ticketOf,
} from "./calls.ts";
import { contentOf, createTable, toFrames, toPutFrames, toRows } from "./tables.ts";

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
    describeInfo(() => producer);
    describeListing(() => producer);
    describeDropping(() => producer);
    describeRefusals(() => producer);
    describeEndings(() => producer);
  });
}

type Subject = () => FlightProducer;

function describePutAndGet(subject: Subject, keepsReplaced: boolean): void {
  test("what is put comes back, the schema first", async () => {
    const table = createTable(1);
    await put(subject(), ["uploaded.parquet"], table);
    const frames = await get(subject(), "uploaded.parquet");
    expect(frames.map(({ header }) => messageKind(header)).indexOf("schema")).toBe(0);
    expect(toRows(frames)).toEqual(contentOf(table));
  });

  test("a dataset of no rows comes back with its schema", async () => {
    const table = createTable(1);
    const [schema] = toPutFrames(["empty"], table);
    await putFrames(subject(), [schema!]);
    expect(toRows(await get(subject(), "empty"))).toEqual({ columns: contentOf(table).columns, rows: [] });
  });

  test("the segments of a path make one name", async () => {
    const table = createTable(2);
    await put(subject(), ["2026", "november", "übung.parquet"], table);
    expect(toRows(await get(subject(), "2026/november/übung.parquet"))).toEqual(contentOf(table));
    expect(await list(subject())).toEqual(["2026/november/übung.parquet"]);
  });

  test("a put replaces what was there", async () => {
    await put(subject(), ["a"], createTable(1));
    await put(subject(), ["a"], createTable(2, { batchCount: 1 }));
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(2, { batchCount: 1 })));
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a put that has not the rows that it declares is refused with both numbers, and changes nothing", async () => {
    const putOf = (path: string, declared: string): Promise<unknown> =>
      putFrames(subject(), toPutFrames([path], createTable(2)), { header: { "hangar-row-count": declared } });
    await putOf("a", "12");
    for (const [declared, path] of [
      ["11", "a"],
      ["13", "new"],
      ["0", "new"],
    ] as const) {
      expect(await failureOf(putOf(path, declared))).toEqual({
        code: "invalid_argument",
        message: expect.stringContaining(`the put declares ${declared} rows, but 12 arrived`),
      });
    }
    for (const declared of ["", "-1", "1.5", "12 rows", "9007199254740992"]) {
      const { code, message } = await failureOf(putOf("new", declared));
      expect([code, message]).toEqual([
        "invalid_argument",
        expect.stringContaining("hangar-row-count must be a whole number"),
      ]);
    }
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(2)));
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a put tells whether it replaced a dataset", async () => {
    const results = [1, 2].map((seed) => () => putResult(subject(), toPutFrames(["a"], createTable(seed))));
    expect([await results[0]!(), await results[1]!()]).toEqual(["created", "replaced"]);
  });

  test("a put that creates has one winner, and replaces nothing", async () => {
    const creating = (seed: number): Promise<unknown> =>
      putFrames(subject(), toPutFrames(["a"], createTable(seed)), { header: { "hangar-put-mode": "create" } });
    const outcomes = await Promise.allSettled([1, 2, 3].map(creating));
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled") + 1;
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await codeOf(creating(4))).toBe("already_exists");
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(winner)));
    const misspelt = putFrames(subject(), toPutFrames(["a"], createTable(5)), {
      header: { "hangar-put-mode": "creat" },
    });
    expect(await codeOf(misspelt)).toBe("invalid_argument");
    expect(await list(subject())).toEqual(["a"]);
  });

  test("a put that appends creates one more dataset of the folder, once for each id, and tells its name last", async () => {
    const append = async (seed: number, id?: string): Promise<unknown> => {
      const header = { "hangar-put-mode": "append", ...(id !== undefined && { "idempotency-key": id }) };
      const told = await putFrames(subject(), toPutFrames(["folder"], createTable(seed, { batchCount: 1 })), {
        header,
      });
      return JSON.parse(told.at(-1)!);
    };
    expect(await append(1, "one")).toEqual({ dataset: "folder/one.parquet", isNew: true });
    expect(await append(2, "one")).toEqual({ dataset: "folder/one.parquet", isNew: false });
    const outcomes = await Promise.all([append(3, '"two"'), append(4, "two")]);
    expect(outcomes).toEqual(
      expect.arrayContaining([true, false].map((isNew) => ({ dataset: "folder/two.parquet", isNew }))),
    );
    const { dataset } = (await append(5)) as { dataset: string };
    expect(dataset).toMatch(/^folder\/[0-9a-f]{8}-[0-9a-f-]{27}\.parquet$/);
    expect(await list(subject())).toEqual([dataset, "folder/one.parquet", "folder/two.parquet"]);
    expect(toRows(await get(subject(), "folder/one.parquet"))).toEqual(contentOf(createTable(1, { batchCount: 1 })));
  });

  test("a reader keeps what it began to read, through a replacement and a drop, or is told that it is gone", async () => {
    const table = createTable(1, { batchCount: 4, rowCountPerBatch: 20_000 });
    await put(subject(), ["a"], table);
    const reading = subject().doGet!(createTestContext(), ticketOf("a"))[Symbol.asyncIterator]();
    const first = await reading.next();
    await put(subject(), ["a"], createTable(2));
    await drop(subject(), "a");
    try {
      const rest = await collect({ [Symbol.asyncIterator]: () => reading });
      expect(toRows([first.value as FlightFrame, ...rest])).toEqual(contentOf(table));
    } catch (reason) {
      if (keepsReplaced) throw reason;
      expect(reason).toMatchObject({ code: "aborted" });
    }
  });

  test("of puts of one name at the same time, one is read as a whole", async () => {
    const tables = [1, 2, 3, 4].map((seed) => createTable(seed));
    await Promise.all(tables.map((table) => put(subject(), ["a"], table)));
    expect(tables.map(contentOf)).toContainEqual(toRows(await get(subject(), "a")));
  });

  test("application metadata is echoed in order", async () => {
    expect(await put(subject(), ["a"], createTable(1, { batchCount: 5 }))).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("application metadata is echoed on receipt: a client may wait for each before it sends the next", async () => {
    const frames = toPutFrames(["a"], createTable(1, { batchCount: 4 }), { acknowledged: true });
    const echoed: string[] = [];
    let wake = (): void => {};
    async function* waitingClient(): AsyncGenerator<FlightFrame, void, undefined> {
      for (const [i, frame] of frames.entries()) {
        yield frame;
        while (echoed.length < i) await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    for await (const { appMetadata } of subject().doPut!(createTestContext(), waitingClient())) {
      echoed.push(new TextDecoder().decode(appMetadata));
      wake();
    }
    expect(echoed).toEqual(["0", "1", "2", "3"]);
  });

  test("a client that reads no acknowledgements is not held up", async () => {
    const frames = toPutFrames(["a"], createTable(1, { batchCount: 500, rowCountPerBatch: 1 }), { acknowledged: true });
    let sentAll = (): void => {};
    const sent = new Promise<void>((resolve) => (sentAll = resolve));
    async function* client(): AsyncGenerator<FlightFrame, void, undefined> {
      yield* streamOf(frames);
      sentAll();
    }
    const answers = subject().doPut!(createTestContext(), client())[Symbol.asyncIterator]();
    const first = await answers.next();
    await sent;
    const rest = await collect({ [Symbol.asyncIterator]: () => answers });
    expect([first.value, ...rest]).toHaveLength(500);
    expect(toRows(await get(subject(), "a")).rows).toHaveLength(500);
  });

  test("frames of application metadata alone are echoed and store nothing", async () => {
    const [schema, ...batches] = toPutFrames(["a"], createTable(1));
    const note = (text: string): FlightFrame => createFrame({ appMetadata: new TextEncoder().encode(text) });
    const opening = createFrame({ descriptor: createPathDescriptor(["a"]), appMetadata: note("opening").appMetadata });
    const echoed = await putFrames(subject(), [opening, note("x"), schema!, note("y"), ...batches, note("z")]);
    expect(echoed).toEqual(["opening", "x", "y", "z"]);
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(createTable(1)));
  });
}

function describeInfo(subject: Subject): void {
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
}

function describeListing(subject: Subject): void {
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
}

function describeDropping(subject: Subject): void {
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

function describeRefusals(subject: Subject): void {
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

function describeEndings(subject: Subject): void {
  const frames = toPutFrames(["a"], createTable(1), { acknowledged: true });

  test.each([0, 1, 2, 3])("a client that vanishes after %i messages of a put leaves nothing", async (count) => {
    await failureOf(putFrames(subject(), brokenStreamOf(frames.slice(0, count))));
    expect(await list(subject())).toEqual([]);
  });

  test("a put whose call is cancelled ends, even where its stream stays silent, and leaves nothing", async () => {
    const call = new AbortController();
    const context = createTestContext({ signal: call.signal });
    const answers = subject().doPut!(context, silentStreamOf(frames.slice(0, 2)))[Symbol.asyncIterator]();
    await answers.next();
    await new Promise((resolve) => setImmediate(resolve));
    const ended = codeOf(answers.next());
    call.abort();
    expect(await ended).toBe("cancelled");
    expect(await list(subject())).toEqual([]);
  });

  test("a put whose answer is left ends, and leaves nothing", async () => {
    const answers = subject().doPut!(createTestContext(), silentStreamOf(frames))[Symbol.asyncIterator]();
    await answers.next();
    await answers.return!();
    expect(await list(subject())).toEqual([]);
  });

  test("a get that is left early ends, and the dataset can be read again", async () => {
    const table = createTable(1, { batchCount: 4, rowCountPerBatch: 20_000 });
    await put(subject(), ["a"], table);
    for await (const _ of subject().doGet!(createTestContext(), ticketOf("a"))) break;
    expect(toRows(await get(subject(), "a"))).toEqual(contentOf(table));
  });
}
