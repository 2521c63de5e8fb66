import { createHook } from "node:async_hooks";
import crypto from "node:crypto";
import fs from "node:fs";
import { copyFile, readdir, rm, writeFile } from "node:fs/promises";
import { connect, type ClientHttp2Session } from "node:http2";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { create, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createPathDescriptor, joinBody } from "../../../../../src/flight/index.ts";
import {
  CriteriaSchema,
  FlightDataSchema,
  FlightDescriptorSchema,
  TicketSchema,
} from "../../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createFlightServer } from "../../../../../src/server/index.ts";
import { put } from "../../../../contract/calls.ts";
import { createTable, toPutFrames } from "../../../../contract/tables.ts";
import { startWatchedServer, type WatchedServer } from "../../../../support/watched-server.ts";

const callCount = 10;

let watched: WatchedServer;
let server: ReturnType<typeof createFlightServer>;
let session: ClientHttp2Session;

beforeAll(async () => {
  watched = await startWatchedServer();
  await put(watched.store, ["a"], createTable(1));
  server = createFlightServer({ producer: watched.store });
  const { port } = await server.listen({ port: 0 });
  session = connect(`http://127.0.0.1:${port}`);
});

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

afterAll(async () => {
  session.destroy();
  await server.close({ drainTimeoutMs: 0 });
  await watched[Symbol.asyncDispose]();
});

/** Makes a native call without any promise of its own. @returns the status, and the bytes of the response */
function call<T extends DescMessage>(method: string, schema: T, ...messages: MessageShape<T>[]) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: unknown; body: Buffer }>();
  const path = `/arrow.flight.protocol.FlightService/${method}`;
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const stream = session.request(headers);
  const chunks: Buffer[] = [];
  let status: unknown;
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
  stream.on("close", () => resolve({ status, body: Buffer.concat(chunks) }));
  stream.on("error", reject);
  for (const message of messages) stream.write(encodeEnvelope(0, toBinary(schema, message)));
  stream.end();
  return promise;
}

const getInfo = () => call("GetFlightInfo", FlightDescriptorSchema, createPathDescriptor(["a"]));
const getData = () => call("DoGet", TicketSchema, create(TicketSchema, { ticket: new TextEncoder().encode("a") }));

const frames = toPutFrames(["put"], createTable(1, { batchCount: 1 }));
const putData = () =>
  call(
    "DoPut",
    FlightDataSchema,
    ...frames.map((frame) =>
      create(FlightDataSchema, {
        ...(frame.descriptor && { flightDescriptor: frame.descriptor }),
        dataHeader: frame.header,
        dataBody: joinBody(frame),
      }),
    ),
  );

/** How often the work of the calls is counted, and how many calls that makes with those before. */
const roundCount = 4;
const allCallCount = (1 + roundCount) * callCount;

/** The process itself may start something meanwhile. What each call starts counts for 1 or more. */
const backgroundMax = 0.5;

/**
 * Counts the asynchronous resources of each kind that some calls need, for each call: the least of several rounds. What
 * others start meanwhile is more the busier the machine is, but not in each round.
 */
async function countWork(makeCall: () => ReturnType<typeof call>): Promise<ReadonlyMap<string, number>> {
  // The first calls load code and fill caches.
  for (let i = 0; i < callCount; i++) expect((await makeCall()).status).toBe("0");
  const rounds: Map<string, number>[] = [];
  for (let round = 0; round < roundCount; round++) {
    const counts = new Map<string, number>();
    const hook = createHook({ init: (_id, kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1) }).enable();
    for (let i = 0; i < callCount; i++) await makeCall();
    hook.disable();
    rounds.push(counts);
  }
  const kinds = new Set(rounds.flatMap((counts) => [...counts.keys()]));
  const leastOf = (kind: string): number => Math.min(...rounds.map((counts) => counts.get(kind) ?? 0));
  return new Map([...kinds].map((kind) => [kind, leastOf(kind) / callCount]));
}

describe("a call of native gRPC", () => {
  test("GetFlightInfo asks the disk once, hashes no version again, and waits for no thread and no timer", async () => {
    await getInfo();
    const status = vi.spyOn(fs, "lstatSync");
    const hash = vi.spyOn(crypto, "hash");
    syncBuiltinESMExports();
    const work = await countWork(getInfo);
    expect(status.mock.calls).toHaveLength(allCallCount);
    expect(hash).not.toHaveBeenCalled();
    for (const kind of ["FSREQCALLBACK", "FSREQPROMISE", "Timeout"])
      expect(work.get(kind) ?? 0).toBeLessThan(backgroundMax);
    expect(work.get("PROMISE")).toBeLessThan(56);
  });

  test("GetFlightInfo parses its request once, and makes no signal, which nothing asks for", async () => {
    await getInfo();
    const parsed = vi.spyOn(BinaryReader.prototype, "string");
    const controllers = vi.spyOn(globalThis, "AbortController");
    await countWork(getInfo);
    // The path of the descriptor is its only string.
    expect(parsed).toHaveBeenCalledTimes(allCallCount);
    expect(controllers).not.toHaveBeenCalled();
  });

  test("DoGet waits for no thread but the worker's, and hashes no version again", async () => {
    await getData();
    const hash = vi.spyOn(crypto, "hash");
    syncBuiltinESMExports();
    const work = await countWork(getData);
    for (const kind of ["FSREQCALLBACK", "FSREQPROMISE", "FILEHANDLE"])
      expect(work.get(kind) ?? 0).toBeLessThan(backgroundMax);
    expect(work.get("PROMISE")).toBeLessThan(165);
    expect(hash).not.toHaveBeenCalled();
  });

  test("DoPut waits for the disk three times: for its file, its name and its folder", async () => {
    const work = await countWork(putData);
    expect(work.get("FSREQCALLBACK")! + (work.get("FSREQPROMISE") ?? 0)).toBeLessThan(3 + backgroundMax);
    // Each layer between the socket and the writer costs some for each of the two messages.
    expect(work.get("PROMISE")).toBeLessThan(370);
  });

  test("ListFlights asks the disk once for each dataset, hashes no version again, and needs few promises", async () => {
    const names = Array.from({ length: 100 }, (_, i) => `listed-${i}`);
    for (const name of names) await copyFile(join(watched.folder, "a"), join(watched.folder, name));
    const count = (await readdir(watched.folder)).filter((name) => !name.startsWith(".")).length;
    const list = () => call("ListFlights", CriteriaSchema, create(CriteriaSchema));
    await list();
    const status = vi.spyOn(fs, "lstatSync");
    const hash = vi.spyOn(crypto, "hash");
    syncBuiltinESMExports();
    const work = await countWork(list);
    expect(status.mock.calls).toHaveLength(allCallCount * count);
    expect(hash).not.toHaveBeenCalled();
    expect(work.get("PROMISE")).toBeLessThan(28 * count);
    for (const name of names) await rm(join(watched.folder, name));
  });

  test("a FlightInfo is the same until its version changes", async () => {
    const before = await getInfo();
    expect(await getInfo()).toEqual(before);
    await put(watched.store, ["a"], createTable(7));
    const after = await getInfo();
    expect(after.status).toBe("0");
    expect(after.body).not.toEqual(before.body);
    await writeFile(join(watched.folder, "a"), "not Parquet");
    expect((await getInfo()).status).not.toBe("0");
  });
});
