/** Bytes over all pieces. */
export function piecesByteLength(pieces: readonly Uint8Array[]): number {
  let byteLength = 0;
  for (const piece of pieces) byteLength += piece.byteLength;
  return byteLength;
}

/** Copies pieces one behind the other; returns the offset behind the last, in bytes. */
export function copyPieces(target: Uint8Array, byteOffset: number, pieces: readonly Uint8Array[]): number {
  let end = byteOffset;
  for (const piece of pieces) {
    target.set(piece, end);
    end += piece.byteLength;
  }
  return end;
}

/** Joins pieces into one array. A single piece is returned without a copy. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const joined = new Uint8Array(piecesByteLength(pieces));
  copyPieces(joined, 0, pieces);
  return joined;
}

/**
 * Frees the buffers of pieces now. They are outside of V8's heap, so the garbage collector would free them late. Until
 * then the next data would need fresh memory, which is ten times slower.
 */
export function freePieces(pieces: readonly Uint8Array[]): void {
  for (const { buffer } of pieces) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
