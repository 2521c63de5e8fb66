import { describe, expect, test } from "vitest";
import { mergeStreams } from "../../../src/client/merge-streams.ts";

/** A stream of so many items, which says when it is started and left, and gives an item when it is told to. */
function createStream(name: string, itemCount: number, log: string[]) {
  const gates = Array.from({ length: itemCount }, () => Promise.withResolvers<void>());
  async function* stream(): AsyncGenerator<string> {
    log.push(`${name} starts`);
    try {
      for (const [i, gate] of gates.entries()) {
        await gate.promise;
        yield `${name}${i}`;
      }
    } finally {
      log.push(`${name} ends`);
    }
  }
  return { stream, gates, openAll: () => gates.forEach(({ resolve }) => resolve()) };
}

const streamsOf = (log: string[], ...itemCounts: number[]) =>
  itemCounts.map((itemCount, i) => createStream("abcdef"[i]!, itemCount, log));

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("mergeStreams", () => {
  test("keeps the order of the streams, also where a later one is there first", async () => {
    const streams = streamsOf([], 2, 2, 1);
    const merged = collect(
      mergeStreams(
        streams.map(({ stream }) => stream),
        { openMax: 3, isOrdered: true },
      ),
    );
    for (const each of streams.toReversed()) {
      each.openAll();
      await new Promise(setImmediate);
    }
    expect(await merged).toEqual(["a0", "a1", "b0", "b1", "c0"]);
  });

  test("gives what is there first, where order does not matter", async () => {
    const streams = streamsOf([], 1, 2);
    const merged = mergeStreams(
      streams.map(({ stream }) => stream),
      { openMax: 2, isOrdered: false },
    );
    streams[1]!.openAll();
    expect([(await merged.next()).value, (await merged.next()).value]).toEqual(["b0", "b1"]);
    streams[0]!.openAll();
    expect(await collect(merged)).toEqual(["a0"]);
  });

  test.each([true, false])("opens so many at once, and no more (ordered: %s)", async (isOrdered) => {
    const log: string[] = [];
    const streams = streamsOf(log, 1, 1, 1);
    const merged = mergeStreams(
      streams.map(({ stream }) => stream),
      { openMax: 2, isOrdered },
    );
    const first = merged.next();
    expect(log).toEqual(["a starts", "b starts"]);
    streams.forEach(({ openAll }) => openAll());
    await first;
    expect(await collect(merged)).toHaveLength(2);
    expect(log).toHaveLength(6);
  });

  test("takes no more than one item ahead of its reader", async () => {
    let takenCount = 0;
    async function* endless(): AsyncGenerator<number> {
      for (;;) yield takenCount++;
    }
    const merged = mergeStreams([endless], { openMax: 1, isOrdered: true });
    await merged.next();
    await new Promise(setImmediate);
    expect(takenCount).toBeLessThanOrEqual(2);
    await merged.return();
  });

  test("ends all when one fails, or when it is left", async () => {
    for (const isLeft of [true, false]) {
      const log: string[] = [];
      const [a, b] = streamsOf(log, 2, 2);
      const failing = async function* (): AsyncGenerator<string> {
        yield* a!.stream();
        throw new Error("lost");
      };
      const merged = mergeStreams([failing, b!.stream], { openMax: 2, isOrdered: true });
      a!.openAll();
      expect((await merged.next()).value).toBe("a0");
      if (isLeft) await merged.return();
      else await expect(collect(merged)).rejects.toThrow("lost");
      b!.openAll();
      await expect.poll(() => log).toEqual(expect.arrayContaining(["a ends", "b ends"]));
    }
  });

  test("of no streams is empty", async () => {
    expect(await collect(mergeStreams([], { openMax: 2, isOrdered: false }))).toEqual([]);
  });
});
