import { parentPort } from "node:worker_threads";
import { wasmMemory } from "parquet-wasm";
import { decompressFrame } from "../../arrow/index.ts";
import { createFrame, expandedBodyBytesMax } from "../../flight/index.ts";
import { idleWorkerDelayMs } from "./limits.ts";
import { UnsupportedError } from "../format/unsupported-error.ts";
import { decodeSlice } from "../read/decode-slice.ts";
import { decompressZstd } from "./decompress-zstd.ts";
import { describeFile } from "../read/describe-file.ts";
import { explainFailure } from "../read/explain-failure.ts";
import { collectGarbage } from "../write/collect-garbage.ts";
import { encodeRowGroup } from "../write/encode-row-group.ts";
import { describeKnownFiles } from "../read/known-schemas.ts";
import { planRanges } from "../read/plan-ranges.ts";
import { pruneSpans } from "../read/prune-spans.ts";
import { narrowSpans } from "../read/narrow-spans.ts";
import { readStatistics } from "../read/read-statistics.ts";
import { takeReadFailure, useJobFile } from "./file-source.ts";
import { freeReadMemory } from "./read-memory.ts";
import { dropPieces, holdPieces } from "./request-bytes.ts";
import { dropReadBuffers, freeReadBuffers } from "./worker-files.ts";
import { ExhaustedError, type FailureReason, type Job, type Jobs, type WorkerAnswer } from "./worker-protocol.ts";

/*
 * The entry of a worker thread. It runs one job at a time and answers each with one message. After a trap, the wasm
 * instance cannot be trusted. The pool then terminates the thread, even if it gives no answer.
 */

const memory = wasmMemory();

// A thread without jobs allocates nothing, so V8 does not collect its garbage. Starting it leaves about 20 MB.
const idleTimer = setTimeout(() => {
  freeReadMemory();
  collectGarbage();
}, idleWorkerDelayMs);

parentPort?.on("message", (job: Job) => {
  void answer(job);
});

// A trap inside one of wasm's own promises does not reach the awaiting code.
process.on("uncaughtException", (error) => fail(error.message, "trapped"));

/** The running or last job. */
let current: Job | undefined;

async function answer(job: Job): Promise<void> {
  current = job;
  takeReadFailure();
  useJobFile("file" in job ? job.file : undefined);
  if (job.kind === "decode") holdPieces(job.pieces, job.isWhole);
  try {
    const { result, transfer } = await run(job);
    post({ result, memoryBytes: memory.buffer.byteLength }, transfer);
    freeReadBuffers();
  } catch (reason) {
    dropReadBuffers();
    if (reason instanceof Error && reason.name === "RuntimeError") fail(reason.message, "trapped");
    else if (reason instanceof ExhaustedError || isOutOfMemory(reason)) fail(reason.message, "exhausted");
    else if (reason instanceof UnsupportedError) fail(reason.message, "unsupported");
    else fail(reason instanceof Error ? reason.message : String(reason), "refused");
  } finally {
    dropPieces();
  }
  idleTimer.refresh();
}

/** Node has no class and no code for this error. */
function isOutOfMemory(reason: unknown): reason is RangeError {
  return reason instanceof RangeError && /allocation failed|out of memory/i.test(reason.message);
}

function fail(failure: string, reason: FailureReason): void {
  const diskFailure = takeReadFailure();
  const isUnclear = diskFailure === undefined && (reason === "trapped" || reason === "refused");
  const explanation = isUnclear && current?.kind === "decode" ? explainFailure(current) : undefined;
  post({ failure, reason, diskFailure, explanation, memoryBytes: memory.buffer.byteLength }, []);
}

type Outcome = { result: Jobs[keyof Jobs]["result"]; transfer: ArrayBuffer[] };

async function run(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case "describe":
      return { result: await describeFile(job), transfer: [] };
    case "describe-known":
      return { result: describeKnownFiles(job), transfer: [] };
    case "ranges":
      return { result: planRanges(job), transfer: [] };
    case "decode": {
      const result = await decodeSlice(job);
      const transfer = result.frames.flatMap(({ body }) => body.map((piece) => piece.buffer as ArrayBuffer));
      return { result, transfer };
    }
    case "statistics":
      return { result: readStatistics(job), transfer: [] };
    case "prune":
      return { result: await pruneSpans(job), transfer: [] };
    case "narrow":
      return { result: await narrowSpans(job), transfer: [] };
    case "decompress": {
      const frame = createFrame({ header: job.header, body: [job.body] });
      const { header, body } = decompressFrame(frame, { bodyBytesMax: expandedBodyBytesMax, decompressZstd });
      return { result: { header, body }, transfer: body.map((piece) => piece.buffer as ArrayBuffer) };
    }
    case "encode": {
      const result = encodeRowGroup(job);
      const pages = result.rowGroup ? [result.rowGroup.pages.buffer] : [];
      return { result, transfer: [...pages, result.buffer] };
    }
  }
}

function post(message: WorkerAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
