/** Texts that share more than this cannot be told apart where a line has room for little more, in characters. */
const sharedMax = 24;

/** What is kept of the shared part before the first difference, in characters. */
const keptLength = 10;

/**
 * Texts as they can be told apart on a short line: an ellipsis stands for a long beginning that a text shares with another
 * one; pure.
 */
export function showApart(texts: readonly string[]): string[] {
  return texts.map((text, i) => {
    const shared = Math.max(0, ...texts.map((other, j) => (i === j || text === other ? 0 : countShared(text, other))));
    return shared > sharedMax ? `…${cutBefore(text, shared - keptLength)}` : text;
  });
}

/** The rest of a text, without half of a character. */
function cutBefore(text: string, start: number): string {
  const isHalf = (text.codePointAt(start - 1) ?? 0) > 0xff_ff;
  return text.slice(isHalf ? start + 1 : start);
}

function countShared(text: string, other: string): number {
  let count = 0;
  while (count < text.length && text.charCodeAt(count) === other.charCodeAt(count)) count += 1;
  return count;
}
