import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { requestBytesMax, requestBytesMin } from "./limits.ts";
import type { BytesAnswer, BytesChannel, BytesRequest, FilePiece } from "./worker-protocol.ts";

/*
 * The worker's side of reading a file without a descriptor. A job arrives with the bytes that it was planned to need.
 * The worker requests other bytes from the main thread, which reads them from the storage, and blocks until they
 * arrive.
 */

/** The number of kept answers of a job. Page headers and indexes are read in small steps in a few places. */
const keptAnswersMax = 4;

let planned: readonly FilePiece[] = [];
/** Whether a reader gets a planned piece itself, instead of a copy. */
let givesPieces = false;
let answered: readonly FilePiece[] = [];
let lastRequest: BytesRequest | undefined;

/** Stores the bytes that arrived with a job. @param isReadOnce - whether the job reads each range only once */
export function holdPieces(pieces: readonly FilePiece[] = [], isReadOnce = false): void {
  planned = pieces;
  givesPieces = isReadOnce;
}

/** Frees the bytes of an ended job. */
export function dropPieces(): void {
  free([...planned, ...answered]);
  planned = [];
  answered = [];
  lastRequest = undefined;
}

/**
 * Reads bytes of the job's file into new memory.
 *
 * @param byteLength - the length of the file
 * @throws Error if the main thread could not read them
 */
export function readRequested(start: number, end: number, byteLength: number): Uint8Array<ArrayBuffer> {
  if (end <= start) return new Uint8Array(end - start);
  if (end > byteLength) throw new Error("the file is shorter than what is read of it");
  const piece = find(planned, start, end);
  if (piece && givesPieces && isWhole(piece, end - start)) return take(piece);
  const held = piece ?? find(answered, start, end);
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

/** Returns whether a read is of a whole piece that fills its memory. */
function isWhole({ bytes }: FilePiece, byteLength: number): boolean {
  return bytes.byteLength === byteLength && bytes.buffer.byteLength === byteLength;
}

/** Returns a planned piece, which is the reader's from now on. */
function take(piece: FilePiece): Uint8Array<ArrayBuffer> {
  planned = planned.filter((each) => each !== piece);
  return piece.bytes;
}

function free(pieces: readonly FilePiece[]): void {
  for (const { bytes } of pieces) bytes.buffer.transfer(0);
}

/** Extends a request to a minimum size. If it continues the last one, it is twice as large as that, up to a maximum. */
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
  // The notification of an earlier answer may arrive only now.
  while (Atomics.load(signal, 0) === 0) Atomics.wait(signal, 0, 0);
  const { message } = receiveMessageOnPort(port) as { message: BytesAnswer };
  if ("failure" in message) throw new Error(message.failure);
  return message.bytes;
}
