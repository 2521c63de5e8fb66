import { parentPort } from "node:worker_threads";
import { wasmMemory } from "parquet-wasm";
import { createFrame } from "../flight/index.ts";
import { decodeSlice } from "./decode-slice.ts";
import { decompressFrame } from "./decompress-frame.ts";
import { describeFile } from "./describe-file.ts";
import { encodeRowGroup } from "./encode-row-group.ts";
import { pruneSegments } from "./prune-segments.ts";
import { freeWhatWasRead } from "./worker-files.ts";
import type { Job, Jobs, WorkerAnswer } from "./worker-protocol.ts";

/*
 * The entry of a worker thread: one job at a time, each answered by one message. A trap inside wasm leaves no
 * answer but an uncaught error, or nothing at all: the pool watches for both and ends the thread.
 */

parentPort?.on("message", (job: Job) => {
  void answer(job);
});

async function answer(job: Job): Promise<void> {
  try {
    const { result, transfer } = await run(job);
    post({ result, memoryBytes: wasmMemory().buffer.byteLength }, transfer);
    freeWhatWasRead();
  } catch (reason) {
    // After a trap the instance is not to be trusted again: the error ends the thread.
    if (reason instanceof Error && reason.name === "RuntimeError") throw reason;
    const failure = reason instanceof Error ? reason.message : String(reason);
    post({ failure, memoryBytes: wasmMemory().buffer.byteLength }, []);
  }
}

type Outcome = { result: Jobs[keyof Jobs]["result"]; transfer: ArrayBuffer[] };

async function run(job: Job): Promise<Outcome> {
  switch (job.kind) {
    case "describe":
      return { result: await describeFile(job), transfer: [] };
    case "decode": {
      const result = await decodeSlice(job);
      const transfer = result.frames.flatMap(({ body }) => body.map((piece) => piece.buffer as ArrayBuffer));
      return { result, transfer };
    }
    case "prune":
      return { result: await pruneSegments(job), transfer: [] };
    case "decompress": {
      const { header, body } = decompressFrame(createFrame({ header: job.header, body: [job.body] }));
      return { result: { header, body }, transfer: body.map((piece) => piece.buffer as ArrayBuffer) };
    }
    case "encode": {
      const result = encodeRowGroup(job);
      return { result, transfer: [result.file.buffer, result.buffer] };
    }
  }
}

function post(message: WorkerAnswer, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
