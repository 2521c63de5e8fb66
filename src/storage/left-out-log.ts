import type { StorageLog } from "./storage-log.ts";

/** The maximum number of remembered reports. Beyond it, all are dropped and may be logged again. */
const rememberedCountMax = 10_000;

/** Logs the files that listings omit. Each report is logged once, although every listing meets it again. */
export class LeftOutLog {
  readonly #log: StorageLog;
  readonly #reported = new Set<string>();

  constructor(log: StorageLog) {
    this.#log = log;
  }

  /** @param path - relative to the store's folder */
  report(path: string, why: string): void {
    const report = `${path}\0${why}`;
    if (this.#reported.has(report)) return;
    if (this.#reported.size >= rememberedCountMax) this.#reported.clear();
    this.#reported.add(report);
    this.#log.warn({ path, why }, "omitted from listings");
  }
}
