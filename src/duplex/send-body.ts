import { Code, ConnectError } from "@connectrpc/connect";
import { gatherPieces } from "./gather-pieces.ts";
import { duplexSendsMax, duplexUnacceptedBytesMax } from "./limits.ts";
import { SendBuffers } from "./send-buffers.ts";
import type { SendPart, SentPart } from "./send-piece.ts";
import type { SendSize } from "./send-size.ts";

/** Errors of a Send after which it is repeated. The stream has not failed. */
const passingCodes = [Code.Unavailable, Code.Unknown, Code.DeadlineExceeded];

/** How often a Send is tried before the stream is given up, and the first pause between tries in milliseconds. */
const attemptsMax = 6;
const firstPauseMs = 100;

/** How a body is sent. */
export interface SendOptions {
  /** The maximum size of a Send, and of all Sends that are not accepted, in bytes; as the server says. */
  readonly limits: { readonly sendBytesMax: number; readonly windowBytes: number };
  readonly size: SendSize;
  readonly send: SendPart;
  readonly signal: AbortSignal;
}

/**
 * Sends a body in pieces. Several pieces are sent at the same time, and each is sent until it is accepted. The pieces
 * that are not accepted have at most `duplexUnacceptedBytesMax` bytes, or there is only one.
 *
 * @throws errors of the body; a permanent error of a Send; the signal's reason
 */
export async function sendBody(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: SendOptions,
): Promise<void> {
  const { limits, size } = options;
  const underWay = new Set<Promise<void>>();
  let unacceptedBytes = 0;
  const failure = Promise.withResolvers<never>();
  // It is raced below. A failure after the last race must not count as unhandled.
  failure.promise.catch(() => {});
  const unacceptedBytesMax = Math.min(limits.windowBytes, duplexUnacceptedBytesMax);
  const isFull = (byteLength: number): boolean =>
    underWay.size > 0 && (underWay.size >= duplexSendsMax || unacceptedBytes + byteLength > unacceptedBytesMax);
  const buffers = new SendBuffers();
  const pieces = gatherPieces(body, () => Math.min(size.byteLength, limits.sendBytesMax));
  try {
    for (let byteOffset = 0; ;) {
      const { done, value: piece } = await Promise.race([failure.promise, pieces.next()]);
      if (done === true) break;
      while (isFull(piece.byteLength)) await Promise.race([failure.promise, ...underWay]);
      const part = { byteOffset, bytes: buffers.join(piece), isEnd: piece.isEnd };
      const deliverPart = async (): Promise<void> => {
        if (await deliver(part, options)) buffers.release(part.bytes);
        underWay.delete(sending);
        unacceptedBytes -= piece.byteLength;
      };
      const sending: Promise<void> = deliverPart().catch(failure.reject);
      underWay.add(sending);
      unacceptedBytes += piece.byteLength;
      byteOffset += piece.byteLength;
    }
    await Promise.race([failure.promise, Promise.all(underWay)]);
  } finally {
    // Not awaited: a generator that waits for its source returns only when that wait is over.
    void pieces.return().catch(() => {});
  }
}

/**
 * Sends a piece until all of it is accepted. If it is too large for the server, it is sent in smaller parts.
 *
 * @returns whether nothing reads the piece any more. After a Send without a good response, its request may go on.
 */
async function deliver(piece: SentPart, { limits, size, send, signal }: SendOptions): Promise<boolean> {
  const { byteLength } = piece.bytes;
  let failures = 0;
  let isReleased = true;
  for (let sent = 0; ;) {
    signal.throwIfAborted();
    const end = Math.min(byteLength, sent + Math.min(size.byteLength, limits.sendBytesMax));
    const isLast = end === byteLength;
    const bytes = piece.bytes.subarray(sent, end);
    const startedAt = performance.now();
    try {
      const answer = await send({ byteOffset: piece.byteOffset + sent, bytes, isEnd: isLast && piece.isEnd }, signal);
      const accepted = answer === "too large" ? sent : answer.acceptedByteLength - piece.byteOffset;
      isReleased &&= accepted >= end;
      if (answer === "too large") {
        size.refused(bytes.byteLength);
        if (size.byteLength >= bytes.byteLength) throw tooLarge(bytes.byteLength);
        continue;
      }
      if (accepted >= end) size.accepted(bytes.byteLength, performance.now() - startedAt);
      if (isLast && accepted >= end) return isReleased;
      sent = Math.min(end, Math.max(sent, accepted));
      failures = 0;
    } catch (reason) {
      failures += 1;
      isReleased = false;
      const { code } = ConnectError.from(reason);
      if (signal.aborted || !passingCodes.includes(code) || failures === attemptsMax) throw reason;
      if (code === Code.DeadlineExceeded) size.timedOut(bytes.byteLength);
      else size.lost(bytes.byteLength);
      await pause(firstPauseMs * 2 ** (failures - 1), signal);
    }
  }
}

function tooLarge(byteLength: number): ConnectError {
  const words = `something before the server refuses a request body of ${byteLength} bytes (413)`;
  return new ConnectError(words, Code.ResourceExhausted);
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
