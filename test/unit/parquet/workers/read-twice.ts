import { parentPort } from "node:worker_threads";
import { readRequested } from "../../../../src/parquet/workers/request-bytes.ts";

/** A worker that requests the byte at 0, then the byte at 5,000,000, and posts what it got. */
const read = [0, 5_000_000].map((start) => readRequested(start, start + 1, 10_000_000)[0]);
parentPort?.postMessage(read, []);
