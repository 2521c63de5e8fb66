import type { StorageLog } from "./storage-log.ts";

/** How many reports are remembered; past it, all are forgotten and may be made once more. */
const rememberedCountMax = 10_000;

/** Tells the operator of what listings leave out: of each thing once, though every listing meets it again. */
export class LeftOutLog {
  readonly #log: StorageLog;
  readonly #reported = new Set<string>();

  constructor(log: StorageLog) {
    this.#log = log;
  }

  /** @param path - below the store's folder */
  report(path: string, why: string): void {
    const report = `${path}\0${why}`;
    if (this.#reported.has(report)) return;
    if (this.#reported.size >= rememberedCountMax) this.#reported.clear();
    this.#reported.add(report);
    this.#log.warn({ path, why }, "omitted from listings");
  }
}
