import { expect, test } from "vitest";
import { openCurrent } from "../../../src/client/open-current.ts";
import { FlightError, type FlightErrorCode } from "../../../src/flight/index.ts";

/** Opens streams that fail with these codes, each before or after its first item; then one that does not. */
function failing(...failures: readonly (readonly [FlightErrorCode, after: number])[]) {
  const left = [...failures];
  let openCount = 0;
  const open = async function* (): AsyncGenerator<number, void, undefined> {
    const [code, after] = left.shift() ?? [];
    openCount += 1;
    if (after === 1) yield 1;
    if (code) throw new FlightError(code, "it failed");
    yield* [1, 2];
  };
  return { open: async () => open(), count: () => openCount };
}

async function read(open: Parameters<typeof openCurrent<number>>[0]): Promise<(number | string)[]> {
  const items: (number | string)[] = [];
  try {
    for await (const item of await openCurrent(open)) items.push(item);
  } catch (reason) {
    items.push((reason as FlightError).code);
  }
  return items;
}

test.each([
  ["begins once", [], [1, 2], 1],
  ["begins again if the dataset was replaced", [["failed_precondition", 0]], [1, 2], 2],
  ["begins again if a file was dropped", [["aborted", 0]], [1, 2], 2],
  ["begins three times", Array.from({ length: 3 }, () => ["aborted", 0] as const), ["aborted"], 3],
  ["does not begin again after the first item", [["aborted", 1]], [1, "aborted"], 1],
  ["does not begin again after another error", [["not_found", 0]], ["not_found"], 1],
] satisfies [string, (readonly [FlightErrorCode, number])[], (number | string)[], number][])(
  "a read %s",
  async (_, failures, items, count) => {
    const { open, count: openCount } = failing(...failures);
    expect(await read(open)).toEqual(items);
    expect(openCount()).toBe(count);
  },
);
