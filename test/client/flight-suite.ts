import { afterEach, describe, expect, test } from "vitest";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import {
  createFrame,
  createPathDescriptor,
  joinBody,
  type FlightErrorCode,
  type FlightFrame,
} from "../../src/flight/index.ts";
import { decodeIpcStream, decodeSchema, decodeSchemaMessage } from "../../src/arrow/index.ts";
import type { CallOptions, DatasetClient } from "../../src/client/index.ts";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/**
 * What the low-level client does over a transport. It looks at a server through its calls alone, so that it also runs
 * in a browser.
 *
 * @param connected - gives the client, of a server with the scenario producer
 */
export function describeFlight(connected: () => DatasetClient): void {
  const flight = () => connected().flight;
  const action = async (type: string, body = "", headers: Record<string, string> = {}): Promise<string> =>
    textOf((await collect(flight().doAction({ type, body: utf8(body) }, { headers })))[0]?.body);
  const scenario = (what: string) => createPathDescriptor(["scenario", what]);
  afterEach(() => expectNothingOpen(connected()));

  describe("every RPC", () => {
    test("DoPut acknowledges a batch before the next one is sent", async () => {
      const [schema, ...batches] = framesOfTable();
      const acknowledged = Promise.withResolvers<void>();
      async function* sent(): AsyncGenerator<FlightFrame> {
        yield createFrame({ ...schema, descriptor: createPathDescriptor(["acknowledged"]) });
        yield createFrame({ ...batches[0], appMetadata: utf8("first") });
        await acknowledged.promise;
      }
      const acknowledgements: string[] = [];
      for await (const { appMetadata } of flight().doPut(sent())) {
        acknowledgements.push(textOf(appMetadata));
        acknowledged.resolve();
      }
      expect(acknowledgements).toEqual(["first"]);
    });

    test("GetFlightInfo, GetSchema, ListFlights and DoGet tell of what was put", async () => {
      const descriptor = createPathDescriptor(["low", "level"]);
      const [schema, ...rest] = framesOfTable();
      await collect(flight().doPut([createFrame({ ...schema, descriptor }), ...rest]));
      const info = await flight().getFlightInfo(descriptor);
      expect(info.totalRecords).toBe(3n);
      const described = await flight().getSchema(descriptor);
      expect(decodeSchema(decodeSchemaMessage(described.schema)).fields.map(({ name }) => name)).toEqual([
        "n",
        "ratio",
      ]);
      const listed = await collect(flight().listFlights("low/*"));
      expect(listed.map(({ flightDescriptor }) => flightDescriptor?.path)).toEqual([["low", "level"]]);
      const frames = await collect(flight().doGet(info.endpoint[0]!.ticket!));
      expect(frames.length).toBeGreaterThan(1);
      expect(decodeSchema(frames[0]!.header).fields.map(({ name }) => name)).toEqual(["n", "ratio"]);
    });

    test("DoExchange gives back what it is sent, each frame before the next one is sent", async () => {
      const bodies = [0, 3, 9_000, 3_000_000].map((length, i) => new Uint8Array(length).fill(i + 1));
      let echoed = Promise.withResolvers<void>();
      async function* sent(): AsyncGenerator<FlightFrame> {
        for (const [i, body] of bodies.entries()) {
          yield createFrame({ appMetadata: Uint8Array.of(i), body: [body.subarray(0, 1), body.subarray(1)] });
          await echoed.promise;
          echoed = Promise.withResolvers();
        }
      }
      const got: FlightFrame[] = [];
      for await (const frame of flight().doExchange(sent())) {
        got.push(frame);
        echoed.resolve();
      }
      expect(got.map(({ appMetadata }) => [...appMetadata])).toEqual([[0], [1], [2], [3]]);
      expect(got.every((frame, i) => sameBytes(joinBody(frame), bodies[i]!))).toBe(true);
    });

    test("DoExchange takes and gives much at the same time", async () => {
      const body = new Uint8Array(1 << 20).fill(7);
      const frames = Array.from({ length: 24 }, () => createFrame({ appMetadata: Uint8Array.of(1), body: [body] }));
      const got = await collect(flight().doExchange(frames));
      expect(got.map((frame) => joinBody(frame).byteLength)).toEqual(frames.map(() => body.byteLength));
    });

    test("Handshake passes payloads both ways", async () => {
      const payloads = [utf8("who"), utf8("am I")];
      const answers = await collect(flight().handshake(payloads.map((payload) => ({ payload }))));
      expect(answers.map(({ payload }) => textOf(payload))).toEqual(["who", "am I"]);
    });

    test("PollFlightInfo, ListActions and DoAction answer", async () => {
      expect(await flight().pollFlightInfo(scenario("x"))).toMatchObject({ progress: 0.5 });
      expect((await collect(flight().listActions())).map(({ type }) => type)).toContain("drop_dataset");
      expect(await action("headers", "", { authorization: "me" })).toBe("me");
    });
  });

  describe("a call", () => {
    const codes: FlightErrorCode[] = [
      "not_found",
      "invalid_argument",
      "permission_denied",
      "already_exists",
      "aborted",
    ];

    test.each(codes)("that fails with %s says so in the server's words", async (code) => {
      const failing = action("fail", code);
      await expect(failing).rejects.toMatchObject({ name: "FlightError", code, message: `failed with ${code}: „ß“` });
    });

    test("sends headers, and gives headers and trailers", async () => {
      const seen: Record<string, string | null> = {};
      const calling = flight().doAction(
        { type: "headers" },
        {
          headers: { "x-question": "why" },
          onHeader: (header) => (seen["header"] = header.get("x-answer")),
          onTrailer: (trailer) => (seen["trailer"] = trailer.get("x-last")),
        },
      );
      await collect(calling);
      expect(seen).toEqual({ header: "why", trailer: "word" });
    });

    const failing: Record<string, (options: CallOptions) => Promise<unknown>> = {
      "unary call": (options) => flight().getFlightInfo(scenario("refused"), options),
      "stream before its first message": (options) =>
        collect(flight().doGet({ ticket: utf8("scenario refused") }, options)),
      "stream after some messages": (options) => collect(flight().doGet({ ticket: utf8("scenario broken") }, options)),
    };

    test.each(Object.keys(failing))("that fails gives headers and trailers, once each: %s", async (kind) => {
      const told: unknown[] = [];
      const tell = (what: string) => (fields: Headers) =>
        void told.push([what, fields.get("x-answer"), fields.get("x-last"), fields.get("x-both")]);
      const calling = failing[kind]!({ onHeader: tell("header"), onTrailer: tell("trailer") });
      await expect(calling).rejects.toMatchObject({ name: "FlightError" });
      expect(told).toEqual([
        ["header", "first", null, "early"],
        ["trailer", null, "word", "late"],
      ]);
    });

    test("ends at its deadline, or when its signal says so", async () => {
      const late = flight().getFlightInfo(scenario("slow"), { timeoutMs: 100 });
      await expect(late).rejects.toMatchObject({ name: "FlightError", code: "deadline_exceeded" });
      const leaving = new AbortController();
      const left = flight().getFlightInfo(scenario("slow"), { signal: leaving.signal });
      leaving.abort();
      await expect(left).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
      const never = flight().doGet({ ticket: utf8("scenario endless") }, { signal: leaving.signal });
      await expect(collect(never)).rejects.toMatchObject({ code: "cancelled" });
    });

    test("gives what came before an error, then the error", async () => {
      const got: FlightFrame[] = [];
      const reading = (async () => {
        for await (const frame of flight().doGet({ ticket: utf8("scenario broken") })) got.push(frame);
      })();
      await expect(reading).rejects.toMatchObject({ code: "data_loss", message: "the second batch is lost" });
      expect(got).toHaveLength(2);
    });

    test("whose requests fail ends with their own error", async () => {
      const failure = new TypeError("no more");
      async function* sent(): AsyncGenerator<FlightFrame> {
        yield createFrame({ appMetadata: Uint8Array.of(1) });
        throw failure;
      }
      await expect(collect(flight().doExchange(sent()))).rejects.toBe(failure);
      await expectNothingOpen(connected());
    });

    test("that is left ends on the server", async () => {
      for await (const _ of flight().doGet({ ticket: utf8("scenario endless") })) break;
      async function* silent(): AsyncGenerator<FlightFrame> {
        yield createFrame({ appMetadata: Uint8Array.of(1) });
        await new Promise(() => {});
      }
      for await (const _ of flight().doExchange(silent())) break;
      await expectNothingOpen(connected());
    });
  });

  describe("authentication", () => {
    test("exchanges a password for a token that goes with every call", async () => {
      const token = await flight().authenticateBasic("zoë", "open sesame");
      expect(token).toBe(`Bearer ${btoa(encodeURIComponent("zoë"))}`);
      expect(await action("headers")).toBe(token);
      flight().headers.delete("authorization");
    });

    test("refuses a wrong password in the server's words", async () => {
      const refused = flight().authenticateBasic("ann", "guess");
      await expect(refused).rejects.toMatchObject({ code: "unauthenticated", message: "ann has another password" });
      expect(flight().headers.has("authorization")).toBe(false);
    });
  });

  test("the standard actions cancel, renew, and keep options of a session", async () => {
    const info = await flight().getFlightInfo(scenario("ordered"));
    expect(await flight().cancelFlightInfo(info)).toBe(1);
    const renewed = await flight().renewFlightEndpoint(info.endpoint[1]!);
    expect(renewed).toMatchObject({ ticket: info.endpoint[1]!.ticket, appMetadata: utf8("renewed") });
    const sessionOptions = { text: "a", flag: true, ratio: 0.5, count: 7n, list: ["x", "y"] };
    expect(await flight().setSessionOptions({ ...sessionOptions, bad: undefined })).toEqual({ bad: 1 });
    expect(await flight().getSessionOptions()).toEqual({ ...sessionOptions, bad: undefined });
    expect(await flight().closeSession()).toBe(1);
    expect(await flight().getSessionOptions()).toEqual({});
  });

  describe("a flight of several endpoints", () => {
    const rowsOf = async (what: string): Promise<unknown[]> =>
      (await connected().get(`scenario/${what}`).table()).toArray().map((row: { n: number } | null) => row?.n);

    test("comes in order where it is ordered, from every kind of location", async () => {
      expect(await rowsOf("ordered")).toEqual([0, 1, 2, 3]);
    });

    test("comes whole where it is not", async () => {
      expect(new Set(await rowsOf("unordered"))).toEqual(new Set([0, 1, 2, 3]));
    });

    test("without batches has its columns", async () => {
      const table = await connected().get("scenario/nothing").table();
      expect([table.numRows, table.schema.names]).toEqual([0, ["n"]]);
    });
  });
}

/** Waits until nothing is under way on a server with the scenario producer: no HTTP request, no call of the producer. */
export async function expectNothingOpen(client: DatasetClient): Promise<void> {
  await expect.poll(() => askServer(client, "open_calls")).toEqual([]);
}

/** The files of a server with the scenario producer, hidden ones too. */
export async function filesOf(client: DatasetClient): Promise<string[]> {
  return await askServer(client, "files");
}

async function askServer({ flight }: DatasetClient, type: string): Promise<string[]> {
  return JSON.parse(textOf((await collect(flight.doAction({ type })))[0]?.body)) as string[];
}

/** All that a stream gives. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function framesOfTable(): FlightFrame[] {
  const table = tableFromArrays({ n: Int32Array.of(1, 2, 3), ratio: Float64Array.of(0.5, 1, 1.5) });
  return [...decodeIpcStream(tableToIPC(table, "stream"))];
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);
}
