import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { threadEndTimeoutMs, workerMemoryBytesMax } from "../limits.ts";
import { RequestAnswerer, type ReadJobBytes } from "./answer-requests.ts";
import type { FailureReason, Job, WorkerAnswer, WorkerFailure } from "./worker-protocol.ts";

/** Why a job has no result. */
export class JobFailure extends Error {
  /** What the worker says, or `disk`: its file could not be read. `timeout`: it took too long. `closed`: the pool ended. */
  readonly reason: FailureReason | "disk" | "timeout" | "closed";

  constructor(reason: JobFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** How a job runs. */
export interface RunOptions {
  /** Buffers that move to the worker. */
  readonly transfer?: ArrayBuffer[] | undefined;
  readonly timeoutMs: number;
  /** Reads what the worker requests of the job's file, where it has no descriptor. */
  readonly read?: ReadJobBytes | undefined;
}

/** Why a thread ended by an error; by its full heap, it may be. */
function toUncaught(error: Error): JobFailure {
  const isFull = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return new JobFailure(isFull ? "exhausted" : "trapped", error.message);
}

/** Runs the sources by Node's type stripping, and what is built of them, by the same line. */
const workerEntry = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** One worker thread, which runs one job at a time, and is spent once a job did not end as it should. */
export class WorkerThread {
  /** Wasm memory in bytes, as of the last answer. */
  memoryBytes = 0;
  /** Whether it takes no more jobs. */
  isSpent = false;
  readonly #worker: Worker;
  readonly #requests = new RequestAnswerer();
  #settle: ((answer: WorkerAnswer | JobFailure) => void) | undefined;

  /** @param entry - what the thread runs; a test's own, for what parquet-wasm cannot be made to do */
  constructor(entry: URL = workerEntry) {
    const { channel } = this.#requests;
    const transferList = [channel.port];
    this.#worker = new Worker(entry, { stdout: true, stderr: true, workerData: channel, transferList });
    // What a panic prints would mix into the program's own output; its failure says that there was one.
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on("message", (answer: WorkerAnswer) => {
      if ("failure" in answer && answer.reason === "trapped") this.#end(toTrap(answer));
      else this.#settle?.(answer);
    });
    this.#worker.on("messageerror", () => this.#end(new JobFailure("trapped", "its result could not be read")));
    this.#worker.on("error", (error: Error) => this.#end(toUncaught(error)));
    this.#worker.on("exit", () => this.#end(new JobFailure("trapped", "its thread ended")));
    this.#worker.unref();
  }

  /**
   * Runs a job; the thread holds the process alive meanwhile.
   *
   * @throws JobFailure; the thread may be spent then. What `read` throws, where the job failed by that
   */
  async run(job: Job, { transfer = [], timeoutMs, read }: RunOptions): Promise<WorkerAnswer & { result: unknown }> {
    const endRequests = read && this.#requests.serve(read);
    try {
      return await this.#run(job, transfer, timeoutMs);
    } catch (reason) {
      const failure = await endRequests?.();
      throw failure !== undefined && reason instanceof JobFailure && reason.reason === "disk" ? failure : reason;
    }
  }

  async #run(job: Job, transfer: ArrayBuffer[], timeoutMs: number): Promise<WorkerAnswer & { result: unknown }> {
    const timeout = setTimeout(
      () => this.#end(new JobFailure("timeout", `no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    this.#worker.ref();
    try {
      const answer = await new Promise<WorkerAnswer | JobFailure>((resolve) => {
        this.#settle = resolve;
        this.#worker.postMessage(job, transfer);
      });
      if (answer instanceof JobFailure) {
        await this.#gone();
        throw answer;
      }
      this.memoryBytes = answer.memoryBytes;
      if ("failure" in answer) throw toFailure(answer);
      return answer;
    } finally {
      clearTimeout(timeout);
      this.#settle = undefined;
      this.#worker.unref();
    }
  }

  /** Ends the thread, and the job in it with `closed`. */
  async terminate(): Promise<void> {
    this.#end(new JobFailure("closed", "the pool was closed"));
    await this.#gone();
  }

  /**
   * Waits for the thread's end: only then are its descriptors and buffers free. One that is inside a call of the system
   * ends when that does, and on a file system that does not answer that may be never; what it does until then is to
   * wait for one read of a file, whose bytes nobody gets. So nobody waits for it for ever.
   */
  async #gone(): Promise<void> {
    this.#requests.close();
    const patience = new AbortController();
    const { signal } = patience;
    await Promise.race([
      this.#worker.terminate(),
      sleep(threadEndTimeoutMs, undefined, { ref: false, signal }).catch(() => {}),
    ]);
    patience.abort();
  }

  #end(failure: JobFailure): void {
    this.isSpent = true;
    this.#settle?.(failure);
  }
}

/** Wasm falls over also where it gets no more memory, and does not say so: but it has much of it by then. */
function toTrap(answer: WorkerFailure & { readonly memoryBytes: number }): JobFailure {
  const { memoryBytes } = answer;
  if (answer.diskFailure !== undefined || memoryBytes <= workerMemoryBytesMax) return toFailure(answer);
  return new JobFailure("exhausted", "it needs more memory than a worker may use");
}

function toFailure({ failure, reason, diskFailure, explanation }: WorkerFailure): JobFailure {
  if (diskFailure !== undefined) return new JobFailure("disk", diskFailure);
  return explanation ? new JobFailure(explanation.reason, explanation.why) : new JobFailure(reason, failure);
}
