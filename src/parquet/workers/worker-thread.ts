import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { threadEndTimeoutMs, workerMemoryBytesMax } from "./limits.ts";
import { RequestAnswerer, type ReadJobBytes } from "./answer-requests.ts";
import type { FailureReason, Job, WorkerAnswer, WorkerFailure } from "./worker-protocol.ts";

/** The failure of a job. */
export class JobFailure extends Error {
  /**
   * The worker's reason, or `disk`: its file could not be read. `timeout`: it exceeded its time limit. `closed`: the
   * pool was closed.
   */
  readonly reason: FailureReason | "disk" | "timeout" | "closed";

  constructor(reason: JobFailure["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Options of a run. */
export interface RunOptions {
  /** Buffers that are transferred to the worker. */
  readonly transfer?: ArrayBuffer[] | undefined;
  readonly timeoutMs: number;
  /** Reads the bytes that the worker requests, for a file without a descriptor. */
  readonly read?: ReadJobBytes | undefined;
}

/** Translates the error that ended a thread. The cause may be a full heap. */
function toUncaught(error: Error): JobFailure {
  const isFull = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return new JobFailure(isFull ? "exhausted" : "trapped", error.message);
}

/** Works for the TypeScript sources, with Node's type stripping, and for the built files. */
const workerEntry = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/** A worker thread that runs one job at a time. It cannot be used again after a job that ended abnormally. */
export class WorkerThread {
  /** Wasm memory in bytes, as of the last answer. */
  memoryBytes = 0;
  /** Whether the thread accepts no more jobs. */
  isSpent = false;
  readonly #worker: Worker;
  readonly #requests = new RequestAnswerer();
  #settle: ((answer: WorkerAnswer | JobFailure) => void) | undefined;

  /** @param entry - the script of the thread; tests replace it to simulate failures of parquet-wasm */
  constructor(entry: URL = workerEntry) {
    const { channel } = this.#requests;
    const transferList = [channel.port];
    // The variables may contain secrets. A report of Node has them once for each thread.
    const execArgv = ["--report-exclude-env"];
    this.#worker = new Worker(entry, { stdout: true, stderr: true, execArgv, workerData: channel, transferList });
    // The output of a panic would mix into the program's own output. The failure already reports the panic.
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
   * Runs a job. The thread keeps the process alive meanwhile.
   *
   * @throws JobFailure, after which the thread may be unusable; the error of `read`, if it made the job fail
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

  /** Terminates the thread. A running job fails with `closed`. */
  async terminate(): Promise<void> {
    this.#end(new JobFailure("closed", "the pool was closed"));
    await this.#gone();
  }

  /**
   * Waits for the end of the thread, which frees its descriptors and buffers. A thread in a system call ends only after
   * the call, which may never return on an unresponsive file system. It can only be waiting for one read whose bytes
   * are not used. So the wait is limited.
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

/** wasm also traps if it gets no more memory, without stating the reason. By then its memory is large. */
function toTrap(answer: WorkerFailure & { readonly memoryBytes: number }): JobFailure {
  const { memoryBytes } = answer;
  if (answer.diskFailure !== undefined || memoryBytes <= workerMemoryBytesMax) return toFailure(answer);
  return new JobFailure("exhausted", "it needs more memory than a worker may use");
}

function toFailure({ failure, reason, diskFailure, explanation }: WorkerFailure): JobFailure {
  if (diskFailure !== undefined) return new JobFailure("disk", diskFailure);
  return explanation ? new JobFailure(explanation.reason, explanation.why) : new JobFailure(reason, failure);
}
