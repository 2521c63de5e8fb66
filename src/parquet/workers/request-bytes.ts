import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { requestBytesMax, requestBytesMin } from "../limits.ts";
import type { BytesAnswer, BytesChannel, BytesRequest, FilePiece } from "./worker-protocol.ts";

/*
 * The worker's side of reading a file without a descriptor. A job comes with the bytes that it was planned to need. Others
 * are requested from the main thread, which reads them through the storage, and the worker waits.
 */

/** Answers of the job that are kept: page headers and indexes are read in small steps, in few places. */
const keptAnswersMax = 4;

let planned: readonly FilePiece[] = [];
let answered: readonly FilePiece[] = [];
let lastRequest: BytesRequest | undefined;

/** Begins a job with the bytes that came with it. */
export function holdPieces(pieces: readonly FilePiece[] = []): void {
  planned = pieces;
}

/** Frees the bytes of a job that has ended. */
export function dropPieces(): void {
  free([...planned, ...answered]);
  planned = [];
  answered = [];
  lastRequest = undefined;
}

/**
 * Reads bytes of the job's file, in memory of their own.
 *
 * @param byteLength - of the file
 * @throws Error where the main thread could not read them
 */
export function readRequested(start: number, end: number, byteLength: number): Uint8Array<ArrayBuffer> {
  if (end <= start) return new Uint8Array(end - start);
  if (end > byteLength) throw new Error("the file is shorter than what is read of it");
  const held = find(planned, start, end) ?? find(answered, start, end);
  if (held) return held.bytes.slice(start - held.start, end - held.start);
  const request = widen({ start, end }, byteLength);
  const bytes = awaitAnswer(request);
  lastRequest = request;
  if (request.end === end) return bytes;
  const kept = [{ start, bytes }, ...answered];
  answered = kept.slice(0, keptAnswersMax);
  free(kept.slice(keptAnswersMax));
  return bytes.slice(0, end - start);
}

function find(pieces: readonly FilePiece[], start: number, end: number): FilePiece | undefined {
  return pieces.find((piece) => piece.start <= start && end <= piece.start + piece.bytes.byteLength);
}

function free(pieces: readonly FilePiece[]): void {
  for (const { bytes } of pieces) bytes.buffer.transfer(0);
}

/** Requests more than is read now; twice as much as last time where the job reads on behind its last request. */
function widen({ start, end }: BytesRequest, byteLength: number): BytesRequest {
  const lastByteLength = lastRequest ? lastRequest.end - lastRequest.start : 0;
  const isBehind = lastRequest && start >= lastRequest.start && start <= lastRequest.end + lastByteLength;
  const wanted = isBehind ? Math.min(2 * lastByteLength, requestBytesMax) : requestBytesMin;
  return { start, end: Math.max(end, Math.min(start + wanted, byteLength)) };
}

function awaitAnswer(request: BytesRequest): Uint8Array<ArrayBuffer> {
  const { port, signal } = workerData as BytesChannel;
  Atomics.store(signal, 0, 0);
  port.postMessage(request);
  Atomics.wait(signal, 0, 0);
  const { message } = receiveMessageOnPort(port) as { message: BytesAnswer };
  if ("failure" in message) throw new Error(message.failure);
  return message.bytes;
}
