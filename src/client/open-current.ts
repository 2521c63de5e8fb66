import { FlightError } from "../flight/index.ts";

/** The number of times that a read begins: a folder that several servers change may be replaced again meanwhile. */
const openCountMax = 3;

/**
 * Begins to read a dataset. If it was replaced between its FlightInfo and the first item, which a server says before it
 * sends data, the read begins again.
 *
 * @param open - gets a FlightInfo, and returns what is read
 * @returns the items of the last `open`, the first of which is there
 * @throws FlightError of the last `open` or its first item
 */
export async function openCurrent<T>(
  open: () => Promise<AsyncGenerator<T, void, undefined>>,
): Promise<AsyncGenerator<T, void, undefined>> {
  for (let openCount = 1; ; openCount++) {
    try {
      const items = await open();
      return startWith(await items.next(), items);
    } catch (reason) {
      if (openCount === openCountMax || !isReplaced(reason)) throw reason;
    }
  }
}

function isReplaced(reason: unknown): boolean {
  return reason instanceof FlightError && (reason.code === "failed_precondition" || reason.code === "aborted");
}

async function* startWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
