import { expect, test } from "vitest";
import { RunningReads } from "../../../../src/store/folder/running-reads.ts";

const { signal } = new AbortController();
const patient = { signal, limitMs: 600_000 };
const all = (): boolean => true;

test("waits for the reads that run and may open one of the files, and for no later one", async () => {
  const reads = new RunningReads();
  const [end, endOther] = [reads.begin((name) => name === "s/a"), reads.begin((name) => name === "t/a")];
  let isEnded = false;
  const ended = reads.ended(["s/a", "s/b"], patient).then(() => (isEnded = true));
  const endLater = reads.begin(all);
  await new Promise((resolve) => setImmediate(resolve));
  expect(isEnded).toBe(false);
  end();
  await ended;
  endOther();
  endLater();
  await reads.ended(["s/a"], patient);
});

test("waits no longer than its limit or its signal", async () => {
  const reads = new RunningReads();
  reads.begin(all);
  await reads.ended(["a"], { signal, limitMs: 1 });
  const aborted = AbortSignal.abort(new Error("left"));
  await expect(reads.ended(["a"], { signal: aborted, limitMs: 600_000 })).rejects.toThrow("left");
});
