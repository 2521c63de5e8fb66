import { expect, test } from "vitest";
import { createFrame, createPathDescriptor, type FlightFrame } from "../../../src/flight/index.ts";
import type { FlightProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../call-context.ts";
import { collect, get, put, putFrames, streamOf } from "../calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../tables.ts";

/** What a put echoes, and when. */
export function describeAcknowledgements(subject: () => FlightProducer): void {
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
