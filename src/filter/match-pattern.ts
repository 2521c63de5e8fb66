import { foldCase } from "./fold-case.ts";
import { anyCharacter, type TextPattern } from "./text-pattern.ts";

/**
 * Returns a function that says whether UTF-8 matches a pattern. Each piece is taken at its first place after the one
 * before, so there is no backtracking over pieces.
 */
export function patternMatcher({ pieces, ignoresCase }: TextPattern): (value: Uint8Array) => boolean {
  const first = pieces[0]!;
  if (pieces.length === 1)
    return (value) => {
      const text = ignoresCase ? foldCase(value) : value;
      return matchAt(text, first, 0) === text.byteLength;
    };
  const last = pieces.at(-1)!;
  const middle = pieces.slice(1, -1).filter(({ length }) => length > 0);
  return (value) => {
    const text = ignoresCase ? foldCase(value) : value;
    let at = matchAt(text, first, 0);
    if (at < 0) return false;
    const end = matchBefore(text, last, text.byteLength);
    if (end < at) return false;
    for (const piece of middle) {
      at = find(text, piece, { from: at, end });
      if (at < 0) return false;
    }
    return true;
  };
}

/** Returns the end of a piece that begins at a position; -1 if it does not match there. */
function matchAt(text: Uint8Array, piece: Int16Array, start: number): number {
  let at = start;
  // An iterator over the piece takes several times as long.
  for (let i = 0; i < piece.length; i++) {
    const expected = piece[i]!;
    if (at >= text.byteLength) return -1;
    if (expected === anyCharacter) at = nextCharacter(text, at);
    else if (text[at++] !== expected) return -1;
  }
  return at;
}

/** Returns the start of a piece that ends at a position; -1 if it does not match there. */
function matchBefore(text: Uint8Array, piece: Int16Array, end: number): number {
  let at = end;
  for (let i = piece.length - 1; i >= 0; i--) {
    if (at <= 0) return -1;
    if (piece[i] !== anyCharacter) {
      if (text[--at] !== piece[i]) return -1;
    } else
      do at -= 1;
      while (at > 0 && isContinuation(text[at]!));
  }
  return at;
}

/** Returns the end of the first match between two positions; -1 if there is none. */
function find(text: Uint8Array, piece: Int16Array, { from, end }: { from: number; end: number }): number {
  const [first] = piece;
  for (let at = from; at < end; at++) {
    if (first === anyCharacter) {
      if (isContinuation(text[at]!)) continue;
    } else {
      at = text.indexOf(first!, at);
      if (at < 0 || at >= end) return -1;
    }
    const matchEnd = matchAt(text, piece, at);
    if (matchEnd >= 0) return matchEnd <= end ? matchEnd : -1;
  }
  return -1;
}

function nextCharacter(text: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < text.byteLength && isContinuation(text[at]!)) at += 1;
  return at;
}

/** Whether a byte of UTF-8 continues a character. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
