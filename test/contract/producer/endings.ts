import { expect, test } from "vitest";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../call-context.ts";
import { brokenStreamOf, codeOf, failureOf, get, list, put, putFrames, silentStreamOf, ticketOf } from "../calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../tables.ts";

/** Calls that end before their time. */
export function describeEndings(subject: () => FlightProducer): void {
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
