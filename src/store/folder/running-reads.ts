import { setTimeout } from "node:timers/promises";

/** The reads of folders that run in this process. A compaction waits for them before it drops what they may still open. */
export class RunningReads {
  readonly #running = new Map<Promise<void>, (name: string) => boolean>();

  /**
   * Notes a read. Call it before the files are listed.
   *
   * @param matches - whether the read may open a file
   * @returns a function that ends the read
   */
  begin(matches: (name: string) => boolean): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.set(promise, matches);
    return () => {
      this.#running.delete(promise);
      resolve();
    };
  }

  /** Waits until the reads that run now and may open one of the files have ended, or the time is up. */
  async ended(names: readonly string[], { signal, limitMs }: { signal: AbortSignal; limitMs: number }): Promise<void> {
    const running = [...this.#running].flatMap(([promise, matches]) => (names.some(matches) ? [promise] : []));
    if (running.length === 0) return;
    const done = new AbortController();
    const limit = setTimeout(limitMs, undefined, { signal: AbortSignal.any([signal, done.signal]) });
    await Promise.race([Promise.all(running), limit.catch(() => {})]);
    done.abort();
    signal.throwIfAborted();
  }
}
