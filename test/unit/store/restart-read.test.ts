import { expect, test } from "vitest";
import { createFrame, FlightError, type FlightFrame } from "../../../src/flight/index.ts";
import { restartCountMax } from "../../../src/producer/limits.ts";
import { restartIfReplaced } from "../../../src/store/restart-read.ts";

/** A frame whose header is a text: `schema…` for the first one of a version. */
const frame = (text: string): FlightFrame => createFrame({ header: Buffer.from(text) });
const aborted = new FlightError("aborted", "it was replaced");

/** Reads versions in turn. An error in a version ends it. */
async function read(...versions: (readonly (string | Error)[])[]): Promise<string[]> {
  const left = [...versions];
  const given: string[] = [];
  const frames = restartIfReplaced(async function* () {
    for (const item of left.shift() ?? [aborted]) {
      if (item instanceof Error) throw item;
      yield frame(item);
    }
  });
  try {
    for await (const { header } of frames) given.push(Buffer.from(header).toString());
  } catch (reason) {
    given.push((reason as FlightError).code);
  }
  return given;
}

test.each([
  [
    "goes on with the new version before the first batch",
    [
      ["schema", aborted],
      ["schema", "b"],
    ],
    ["schema", "b"],
  ],
  ["starts again before the schema", [[aborted], ["other schema", "b"]], ["other schema", "b"]],
  [
    "ends after the first batch",
    [
      ["schema", "a", aborted],
      ["schema", "b"],
    ],
    ["schema", "a", "aborted"],
  ],
  [
    "ends where the new version has another schema",
    [
      ["schema", aborted],
      ["schema 2", "b"],
    ],
    ["schema", "aborted"],
  ],
  [
    "ends where the dataset is gone",
    [["schema", aborted], [new FlightError("not_found", "there is no dataset")]],
    ["schema", "aborted"],
  ],
  ["has another error at once", [[new FlightError("not_found", "there is none")], ["schema"]], ["not_found"]],
  [
    "ends where it is replaced time and again",
    Array.from({ length: restartCountMax + 1 }, () => [aborted]),
    ["aborted"],
  ],
] as const)("a read that is replaced %s", async (_what, versions, expected) => {
  expect(await read(...versions)).toEqual(expected);
});
