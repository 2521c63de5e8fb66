import { expect, test } from "vitest";
import { encodePartTicket } from "../../../../src/dataset/index.ts";
import { createCommandDescriptor, createPathDescriptor } from "../../../../src/flight/index.ts";
import type { FlightDescriptor } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { carefulFinder, datasetFinder, type DatasetFinder } from "../../../../src/auth/guard/find-dataset.ts";

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const composed = "caf\u00e9";
const decomposed = "cafe\u0301";

function found(find: () => string | undefined): string {
  try {
    return find() ?? "nothing";
  } catch (reason) {
    return (reason as { code: string }).code;
  }
}

type Find = (finder: DatasetFinder) => string | undefined;
const inDescriptor =
  (descriptor: FlightDescriptor): Find =>
  (finder) =>
    finder.inDescriptor(descriptor);
const inPut =
  (descriptor: FlightDescriptor): Find =>
  (finder) =>
    finder.inPut(descriptor);
const inTicket =
  (ticket: Uint8Array): Find =>
  (finder) =>
    finder.inTicket(ticket);

/** What is found where datasets are served, and what where somebody else reads the same bytes. */
test.each<[string, Find, dataset: string, careful: string]>([
  ["a path", inDescriptor(createPathDescriptor(["a", "b"])), "a/b", "a/b"],
  ["a path with a separator", inDescriptor(createPathDescriptor(["a/b"])), "invalid_argument", "nothing"],
  ["a path out of the folder", inDescriptor(createPathDescriptor(["a", "..", "b"])), "invalid_argument", "nothing"],
  ["no path", inDescriptor(createPathDescriptor([])), "invalid_argument", "nothing"],
  ["a path in another form", inDescriptor(createPathDescriptor([decomposed])), composed, "nothing"],
  ["a path with a command", inDescriptor({ ...createPathDescriptor(["a"]), cmd: utf8("x") }), "a", "nothing"],
  ["a command", inDescriptor(createCommandDescriptor('{"dataset":"a","limit":1}')), "a", "a"],
  [
    "a command with a path",
    inDescriptor({ ...createCommandDescriptor('{"dataset":"a"}'), path: ["b"] }),
    "a",
    "nothing",
  ],
  [
    "a command in another form",
    inDescriptor(createCommandDescriptor(`{"dataset":"${decomposed}"}`)),
    composed,
    "nothing",
  ],
  [
    "a command in another form, with the usual one beside it",
    inDescriptor(createCommandDescriptor(`{"dataset":"${decomposed}","columns":["${composed}"]}`)),
    composed,
    "nothing",
  ],
  ["a command of another server", inDescriptor(createCommandDescriptor("SELECT 1")), "invalid_argument", "nothing"],
  [
    "a descriptor of no type",
    inDescriptor({ ...createPathDescriptor(["a"]), type: 0 } as never),
    "invalid_argument",
    "nothing",
  ],
  ["the command of a put", inPut(createCommandDescriptor('{"dataset":"a","mode":"create"}')), "a", "a"],
  [
    "the command of a flight in a put",
    inPut(createCommandDescriptor('{"dataset":"a","limit":1}')),
    "invalid_argument",
    "nothing",
  ],
  ["the name in a ticket", inTicket(utf8("a/b")), "a/b", "a/b"],
  ["the ticket of a part", inTicket(encodePartTicket({ dataset: "a", version: "1" })), "a", "a"],
  ["a ticket in another form", inTicket(utf8(decomposed)), composed, "nothing"],
  ["a ticket that is no name", inTicket(utf8("../a")), "invalid_argument", "nothing"],
  ["a ticket that is no text", inTicket(Uint8Array.of(0xff, 0xfe)), "invalid_argument", "nothing"],
  ["an empty ticket", inTicket(new Uint8Array(0)), "invalid_argument", "nothing"],
  ["a drop", (finder) => finder.inDrop(utf8("a/b")), "a/b", "a/b"],
  ["a drop in another form", (finder) => finder.inDrop(utf8(decomposed)), composed, "nothing"],
])("%s", (_what, find, dataset, careful) => {
  expect([found(() => find(datasetFinder)), found(() => find(carefulFinder))]).toEqual([dataset, careful]);
});
