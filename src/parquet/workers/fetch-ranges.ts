import type { StoredFile } from "../../storage/index.ts";
import type { FileRange } from "../format/column-chunks.ts";
import { fileEndBytesRead, requestBytesMax, requestConcurrencyMax, requestGapBytesMax } from "./limits.ts";
import type { BytesRequest, FilePiece } from "./worker-protocol.ts";

/** Joins nearby ranges, so that few requests read them. Returns them in ascending order. */
export function joinRanges(ranges: readonly FileRange[]): BytesRequest[] {
  const joined: { start: number; end: number }[] = [];
  for (const { byteOffset, byteLength } of ranges.toSorted((a, b) => a.byteOffset - b.byteOffset)) {
    const end = byteOffset + byteLength;
    const last = joined.at(-1);
    if (last && byteOffset <= last.end + requestGapBytesMax) last.end = Math.max(last.end, end);
    else joined.push({ start: byteOffset, end });
  }
  return joined;
}

/**
 * Reads ranges of a file with several requests at a time.
 *
 * @param ranges - from `joinRanges`
 * @throws the storage's error, after all requests have ended
 */
export async function fetchRanges(
  file: StoredFile,
  ranges: readonly BytesRequest[],
  signal: AbortSignal,
): Promise<FilePiece[]> {
  const pieces = ranges.map(({ start, end }) => ({ start, bytes: Buffer.allocUnsafeSlow(end - start) }));
  const requests = pieces.flatMap((piece) => divide(piece));
  const leaving = new AbortController();
  const ending = AbortSignal.any([signal, leaving.signal]);
  const readNext = async (): Promise<void> => {
    for (let next = requests.shift(); next; next = requests.shift()) {
      ending.throwIfAborted();
      await file.read(next.start, next.end, { into: next.into, signal: ending });
    }
  };
  const reading = Array.from({ length: requestConcurrencyMax }, readNext);
  try {
    await Promise.all(reading);
  } finally {
    leaving.abort();
    await Promise.allSettled(reading);
  }
  return pieces;
}

/** Divides a piece into equal requests: the last one of a fixed size would be tiny if the piece is a little larger. */
function divide({ start, bytes }: FilePiece) {
  const count = Math.ceil(bytes.byteLength / requestBytesMax);
  const byteLength = Math.ceil(bytes.byteLength / count);
  return Array.from({ length: count }, (_, i) => {
    const into = bytes.subarray(i * byteLength, (i + 1) * byteLength);
    const from = start + into.byteOffset;
    return { start: from, end: from + into.byteLength, into };
  });
}

/** The last bytes of files. Each worker that opens a file reads them. */
const ends = new WeakMap<StoredFile, Promise<Uint8Array>>();

/** Reads the end of a file without a descriptor before the job needs it. @throws the storage's error */
export async function fetchEnd(file: StoredFile): Promise<void> {
  if (file.fd === undefined) await readEnd(file);
}

function readEnd(file: StoredFile): Promise<Uint8Array> {
  const { byteLength } = file.version;
  const end = ends.get(file) ?? file.read(Math.max(0, byteLength - fileEndBytesRead), byteLength);
  ends.set(file, end);
  end.catch(() => ends.delete(file));
  return end;
}

/** Reads the bytes that a worker requests. The end of the file comes from memory if it was read before. */
export async function fetchRequested(
  file: StoredFile,
  { start, end }: BytesRequest,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const endStart = Math.max(0, file.version.byteLength - fileEndBytesRead);
  if (start >= endStart) return Uint8Array.from((await readEnd(file)).subarray(start - endStart, end - endStart));
  const [piece] = await fetchRanges(file, [{ start, end }], signal);
  return piece!.bytes;
}
