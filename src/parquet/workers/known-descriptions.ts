import type { StoredFile } from "../../storage/index.ts";
import { describedFilesMax } from "./limits.ts";
import { toOpenFile } from "./open-file.ts";
import type { ParquetPool } from "./pool.ts";
import type { FileDescription } from "./worker-protocol.ts";

interface Waiting {
  readonly file: StoredFile;
  readonly resolve: (description: FileDescription | undefined) => void;
}

/**
 * Describes files of known schemas, several in one job: a message to a worker and its answer cost more than comparing a
 * footer. Files wait for each other until the end of a turn of the event loop.
 */
export class KnownDescriptions {
  readonly #pool: Pick<ParquetPool, "run" | "workerCount">;
  #waiting: Waiting[] = [];

  constructor(pool: Pick<ParquetPool, "run" | "workerCount">) {
    this.#pool = pool;
  }

  /**
   * Describes a file that has a descriptor. Undefined if the file needs a job of its own, which also finds its error. The
   * promise never rejects.
   */
  find(file: StoredFile): Promise<FileDescription | undefined> {
    return new Promise((resolve) => {
      if (this.#waiting.push({ file, resolve }) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A single file gets its own job at once.
    if (waiting.length === 1) return waiting[0]!.resolve(undefined);
    const perJob = Math.min(describedFilesMax, Math.ceil(waiting.length / this.#pool.workerCount));
    for (let i = 0; i < waiting.length; i += perJob) void this.#describe(waiting.slice(i, i + perJob));
  }

  async #describe(waiting: readonly Waiting[]): Promise<void> {
    const job = { kind: "describe-known", files: waiting.map(({ file }) => toOpenFile(file)) } as const;
    const found = await this.#pool.run(job, { stream: this }).catch(() => []);
    waiting.forEach(({ resolve }, i) => resolve(found[i]));
  }
}
