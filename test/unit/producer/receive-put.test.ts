import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { createFrame, createPathDescriptor, type FlightFrame } from "../../../src/flight/index.ts";
import { decodeIpcStream, messageKind } from "../../../src/arrow/index.ts";
import { anonymous, receivePut, type CallContext } from "../../../src/producer/index.ts";

const context: CallContext = {
  identity: anonymous,
  peer: "",
  origin: new URL("http://localhost"),
  requestHeader: new Headers(),
  responseHeader: new Headers(),
  method: "test",
  responseTrailer: new Headers(),
  signal: new AbortController().signal,
  timeoutMs: () => undefined,
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A put of text, which apache-arrow writes with a dictionary; each frame has its own kind as application metadata. */
function* framesOfPut(): Generator<FlightFrame> {
  yield createFrame({ descriptor: createPathDescriptor(["colours"]), appMetadata: utf8("none") });
  for (const frame of decodeIpcStream(tableToIPC(tableFromArrays({ colour: ["red", "green"] }), "stream"))) {
    yield { ...frame, appMetadata: utf8(messageKind(frame.header)) };
    yield { ...frame, header: new Uint8Array(0), body: [], appMetadata: utf8("none") };
  }
}

async function* asStream<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

test("metadata of batches, and that which comes alone, is echoed; that of schemas and dictionaries is not", async () => {
  const kinds: string[] = [];
  const echoes: string[] = [];
  const answer = receivePut(context, asStream(framesOfPut()), async ({ batches }) => {
    for await (const { header } of batches) kinds.push(messageKind(header));
  });
  for await (const { appMetadata } of answer) echoes.push(new TextDecoder().decode(appMetadata));
  expect(kinds).toEqual(["dictionary_batch", "record_batch"]);
  expect(echoes).toEqual(["none", "none", "none", "record_batch", "none"]);
});
