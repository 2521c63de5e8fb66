import { ByteRoom } from "./byte-room.ts";
import { FairQueue } from "./fair-queue.ts";
import { rowGroupsAhead } from "../limits.ts";
import {
  defaultJobTimeoutMs,
  defaultReadAheadBytesMax,
  defaultUploadBytesMax,
  defaultWorkerCount,
  fetchedBytesHeldMax,
  idleWorkerDelayMs,
  idleWorkerMemoryBytesMax,
  workerMemoryBytesMax,
} from "./limits.ts";
import { GarbageCollector } from "../write/collect-garbage.ts";
import { StreamBuffers } from "../write/stream-buffers.ts";
import { UploadBudget } from "../write/upload-budget.ts";
import { KnownDescriptions } from "./known-descriptions.ts";
import { JobFailure, WorkerThread } from "./worker-thread.ts";
import type { StoredFile } from "../../storage/index.ts";
import type { ReadJobBytes } from "./answer-requests.ts";
import { fetchRequested } from "./fetch-ranges.ts";
import type { Job, Jobs } from "./worker-protocol.ts";

/** Options of a `ParquetPool`. */
export interface ParquetPoolOptions {
  /** The number of worker threads. By default, the number of cores, but at most 4. */
  readonly workerCount?: number;
  /** The time limit of a job in milliseconds, after which its thread is terminated; 60,000 by default. */
  readonly jobTimeoutMs?: number;
  /**
   * The number of decoded bytes that all readers may hold before new readers get smaller slices; 128 MiB by default.
   */
  readonly readAheadBytesMax?: number;
  /** The number of bytes that all writers may hold before they wait; 512 MiB by default. */
  readonly uploadBytesMax?: number;
}

/** Options of a job. */
export interface JobOptions {
  /** The stream that the job belongs to. Streams take turns. */
  readonly stream: object;
  /** Buffers that are transferred to the worker. */
  readonly transfer?: ArrayBuffer[];
  /** The file that the job reads. */
  readonly file?: StoredFile;
  /** Cancels the job while it waits, and its reads while it runs. Only the time limit stops its computation. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly job: Job;
  readonly options: JobOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A pool of worker threads that run parquet-wasm, for all readers and writers of a process.
 *
 * A thread whose job traps or exceeds its time limit is replaced. Only that job fails. The threads start with the pool,
 * so that the first call does not wait. They do not keep the process alive.
 */
export class ParquetPool {
  /** The number of worker threads. */
  readonly workerCount: number;
  /** The number of decoded bytes that readers hold, and the limit. @internal */
  readonly readAhead: { heldBytes: number; readonly bytesMax: number };
  /** The budget for bytes that were read for slices and are not decoded yet. @internal */
  readonly fetching = new ByteRoom(fetchedBytesHeldMax);
  /** The bytes that writers hold, and the limit. @internal */
  readonly uploads: UploadBudget;
  /** Describes files of known schemas, several in one job. @internal */
  readonly knownDescriptions = new KnownDescriptions(this);
  /** Reusable memory for encoded data, as much as one fast writer needs. @internal */
  readonly streamBuffers: StreamBuffers;
  readonly #jobTimeoutMs: number;
  readonly #queue = new FairQueue<Waiting>();
  readonly #idle: WorkerThread[] = [];
  readonly #workers = new Set<WorkerThread>();
  #isClosed = false;
  #idleTimer: NodeJS.Timeout | undefined;

  /** Starts the threads. */
  constructor(options: ParquetPoolOptions = {}) {
    this.workerCount = options.workerCount ?? defaultWorkerCount;
    this.#jobTimeoutMs = options.jobTimeoutMs ?? defaultJobTimeoutMs;
    this.readAhead = { heldBytes: 0, bytesMax: options.readAheadBytesMax ?? defaultReadAheadBytesMax };
    this.streamBuffers = new StreamBuffers(this.workerCount + rowGroupsAhead);
    const garbage = new GarbageCollector(() => this.uploads.isIdle);
    this.uploads = new UploadBudget(options.uploadBytesMax ?? defaultUploadBytesMax, (passedBytes) => {
      this.streamBuffers.clear();
      garbage.whenIdle(passedBytes);
    });
    for (let i = 0; i < this.workerCount; i++) this.#idle.push(this.#start());
  }

  /** The number of workers that are running a job. */
  get busyWorkerCount(): number {
    return this.#workers.size - this.#idle.length;
  }

  /** The number of workers that wait for a job. */
  get idleWorkerCount(): number {
    return this.#idle.length;
  }

  /**
   * Runs a job. Streams take turns. The promise settles after the thread has finished with the job, or if the thread is
   * stuck in the file system.
   *
   * @throws JobFailure; the signal's reason if the job was still waiting
   * @internal
   */
  run<K extends keyof Jobs>(job: Jobs[K]["job"] & { kind: K }, options: JobOptions): Promise<Jobs[K]["result"]> {
    const { stream, signal } = options;
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new JobFailure("closed", "the pool is closed"));
      if (signal?.aborted) return reject(signal.reason as Error);
      const takeBack = (): void => {
        if (this.#queue.remove(stream, waiting)) reject(signal?.reason as Error);
      };
      const waiting: Waiting = {
        job,
        options,
        resolve: (result) => {
          signal?.removeEventListener("abort", takeBack);
          resolve(result as Jobs[K]["result"]);
        },
        reject: (reason) => {
          signal?.removeEventListener("abort", takeBack);
          reject(reason);
        },
      };
      signal?.addEventListener("abort", takeBack, { once: true });
      this.#queue.push(stream, waiting);
      this.#dispatch();
    });
  }

  /** Terminates all threads. Waiting and running jobs fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (let waiting = this.#queue.shift(); waiting; waiting = this.#queue.shift()) {
      waiting.reject(new JobFailure("closed", "the pool was closed"));
    }
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #start(): WorkerThread {
    const worker = new WorkerThread();
    this.#workers.add(worker);
    return worker;
  }

  #dispatch(): void {
    clearTimeout(this.#idleTimer);
    while (this.#idle.length > 0) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      // The last idle worker: its code and memory are in the caches.
      const worker = this.#idle.pop()!;
      void this.#work(worker.isSpent ? this.#replace(worker) : worker, waiting);
    }
  }

  async #work(worker: WorkerThread, { job, options, resolve, reject }: Waiting): Promise<void> {
    const { transfer } = options;
    try {
      const { result } = await worker.run(job, { transfer, timeoutMs: this.#jobTimeoutMs, read: toRead(options) });
      resolve(result);
    } catch (reason) {
      reject(reason);
    }
    if (this.#isClosed) return;
    const isWornOut = worker.isSpent || worker.memoryBytes > workerMemoryBytesMax;
    this.#idle.push(isWornOut ? this.#replace(worker) : worker);
    this.#dispatch();
    if (this.busyWorkerCount === 0) this.#idleTimer = setTimeout(() => this.#shrink(), idleWorkerDelayMs).unref();
  }

  /** Replaces idle workers whose memory has grown, because wasm memory never shrinks. No job waits for the new ones. */
  #shrink(): void {
    for (const [i, worker] of this.#idle.entries()) {
      if (worker.memoryBytes > idleWorkerMemoryBytesMax) this.#idle[i] = this.#replace(worker);
    }
  }

  #replace(worker: WorkerThread): WorkerThread {
    this.#workers.delete(worker);
    // No job waits for an idle thread.
    void worker.terminate().catch(() => {});
    return this.#start();
  }
}

function toRead({ file, signal }: JobOptions): ReadJobBytes | undefined {
  if (file === undefined || file.fd !== undefined) return undefined;
  return (request, ended) => fetchRequested(file, request, signal ? AbortSignal.any([signal, ended]) : ended);
}
