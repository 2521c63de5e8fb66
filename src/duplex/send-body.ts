import { Code, ConnectError } from "@connectrpc/connect";
import { copyPieces, piecesByteLength } from "../flight/index.ts";
import type { DuplexOpened } from "../gen/hangar/v1/duplex_service_pb.ts";

/** A piece of a request's body, as `SendRequest` has it. */
export interface OutgoingPiece {
  readonly sequence: bigint;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly end: boolean;
}

/** Sends a piece. Returns whether it was accepted. */
export type SendPiece = (piece: OutgoingPiece) => Promise<{ accepted: boolean }>;

/** Errors of a Send after which the piece is sent again. The stream has not failed. */
const passingCodes = [Code.Unavailable, Code.Unknown, Code.DeadlineExceeded];

/** How often a piece is sent before the stream is given up, and how long the first pause between is, in milliseconds. */
const attemptsMax = 6;
const firstPauseMs = 100;

/**
 * Sends a request body in pieces. Several pieces are sent at the same time, and each is sent until it is accepted.
 * Chunks that arrive quickly are joined. A chunk before a pause is sent immediately.
 *
 * @param limits - the number of concurrent pieces, and the size of a piece
 * @throws errors of the body; a permanent error of a Send; the signal's reason
 */
export async function sendBody(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: Pick<DuplexOpened, "window" | "sendBytesMax">,
  send: SendPiece,
  signal: AbortSignal,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  // It is raced below; a failure behind the last race must not count as one that nobody handles.
  failure.promise.catch(() => {});
  let sequence = 0n;
  const start = async (data: Uint8Array<ArrayBuffer>, end: boolean): Promise<void> => {
    if (underWay.size >= limits.window) await Promise.race([failure.promise, ...underWay]);
    const piece = { sequence, data, end };
    const sending = sendUntilAccepted(piece, send, signal).then(() => void underWay.delete(sending), failure.reject);
    underWay.add(sending);
    sequence += 1n;
  };
  const pieces = gatherPieces(body, limits.sendBytesMax);
  try {
    for (;;) {
      const next = await Promise.race([failure.promise, pieces.next()]);
      if (next.done === true) break;
      await start(next.value, false);
    }
    await start(new Uint8Array(0), true);
    await Promise.race([failure.promise, Promise.all(underWay)]);
  } finally {
    // Not awaited: a generator that waits for its source returns only when that wait is over.
    void pieces.return(undefined).catch(() => {});
  }
}

async function sendUntilAccepted(piece: OutgoingPiece, send: SendPiece, signal: AbortSignal): Promise<void> {
  for (let failures = 0; ;) {
    signal.throwIfAborted();
    try {
      if ((await send(piece)).accepted) return;
    } catch (reason) {
      failures += 1;
      const isPassing = passingCodes.includes(ConnectError.from(reason).code);
      if (signal.aborted || !isPassing || failures === attemptsMax) throw reason;
      await pause(firstPauseMs * 2 ** (failures - 1), signal);
    }
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** Joins chunks that are available at the same time, and splits them at `byteLengthMax`. Each result is a new array. */
export async function* gatherPieces(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  byteLengthMax: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let gathered: Uint8Array[] = [];
  const flush = (): Uint8Array<ArrayBuffer> => {
    const piece = new Uint8Array(piecesByteLength(gathered));
    copyPieces(piece, 0, gathered);
    gathered = [];
    return piece;
  };
  const iterator = toAsyncIterator(chunks);
  try {
    let next = iterator.next();
    for (;;) {
      if (gathered.length > 0 && !(await settlesAtOnce(next))) yield flush();
      const { done, value } = await next;
      if (done === true) break;
      next = iterator.next();
      // It is awaited in the next round; until then its failure has nobody else to handle it.
      next.catch(() => {});
      for (let rest: Uint8Array = value; rest.byteLength > 0;) {
        const part = rest.subarray(0, byteLengthMax - piecesByteLength(gathered));
        gathered.push(part);
        rest = rest.subarray(part.byteLength);
        if (piecesByteLength(gathered) === byteLengthMax) yield flush();
      }
    }
    if (gathered.length > 0) yield flush();
  } finally {
    await iterator.return(undefined);
  }
}

async function* toAsyncIterator<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* source;
}

/** Whether a promise settles within the current turn of the event loop. */
async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => setTimeout(() => resolve(false), 0));
  return await Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    turn,
  ]);
}
