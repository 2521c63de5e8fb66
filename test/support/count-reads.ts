import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";

/** What workers have read from files. */
export interface ReadCounts {
  /** Number of reads of the file system. */
  readonly readCount: number;
  readonly byteLength: number;
  /** Number of footers that parquet-wasm has parsed. */
  readonly footerCount: number;
}

/** The entry of a worker that counts its reads. */
export const countingWorker = new URL("./counting-worker.ts", import.meta.url);

const key = "read counts";
const names = ["readCount", "byteLength", "footerCount"] as const;

// All threads have the same memory.
if (isMainThread) setEnvironmentData(key, new SharedArrayBuffer(names.length * 4));
const counts = new Int32Array(getEnvironmentData(key) as SharedArrayBuffer);

/** Adds to the counts, from any thread. */
export function addReads(added: Partial<ReadCounts>): void {
  names.forEach((name, i) => Atomics.add(counts, i, added[name] ?? 0));
}

/** Counts what an action makes the counting workers of this process read. */
export async function countReads(act: () => Promise<unknown>): Promise<ReadCounts> {
  const before = [...counts];
  await act();
  const [readCount = 0, byteLength = 0, footerCount = 0] = before.map((count, i) => Atomics.load(counts, i) - count);
  return { readCount, byteLength, footerCount };
}
