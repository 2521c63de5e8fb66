import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDatasetName } from "../../src/dataset/index.ts";
import { openBucketStorage } from "../../src/storage/index.ts";
import { useBuckets } from "../support/buckets.ts";
import type { RaceOutcome, RaceStep } from "./bucket-racer.ts";

const buckets = useBuckets({ gatewayCount: 2 });
const roundCount = 1000;
const racers: ChildProcess[] = [];
let place: ReturnType<typeof buckets.createPlace>;

beforeAll(async () => {
  place = buckets.createPlace();
  for (let i = 0; i < 4; i++) {
    const { url, endpoint } = place(i);
    racers.push(fork(join(import.meta.dirname, "bucket-racer.ts"), [url, endpoint, `racer ${i}`]));
  }
  await Promise.all(racers.map((racer) => once(racer, "message")));
});

afterAll(() => {
  for (const racer of racers) racer.disconnect();
});

/** Lets all racers do the same at once. Returns the winner and its version, and the codes of the others. */
async function race(step: RaceStep): Promise<{ winner: number; version: string; codes: (string | undefined)[] }> {
  const outcomes = await Promise.all(
    racers.map(async (racer) => {
      racer.send(step);
      return ((await once(racer, "message")) as [RaceOutcome])[0];
    }),
  );
  const winners = outcomes.flatMap(({ version }, i) => (version === undefined ? [] : [{ winner: i, version }]));
  expect(winners).toHaveLength(1);
  const codes = outcomes.filter(({ version }) => version === undefined).map(({ code }) => code);
  return { ...winners[0]!, codes };
}

test(
  `of four processes that create a name, and then replace its version, one wins: ${roundCount} times`,
  { timeout: 300_000 },
  async () => {
    const storage = await openBucketStorage(place());
    const wins = [0, 0, 0, 0];
    for (let round = 0; round < roundCount; round++) {
      const name = `round-${round}`;
      const created = await race({ name });
      expect(created.codes).toEqual(Array(3).fill("already_exists"));
      const replaced = await race({ name, ifVersion: created.version });
      expect(replaced.codes).toEqual(Array(3).fill("failed_precondition"));
      wins[created.winner]! += 1;
      const file = await storage.open(parseDatasetName(name));
      expect(Buffer.from(await file.read(0, file.version.byteLength)).toString()).toBe(
        `racer ${replaced.winner} replaces`,
      );
      await file.close();
    }
    // A race that one process always wins is none.
    expect(wins.filter((count) => count > 0).length).toBeGreaterThan(1);
    await storage.close();
  },
);
