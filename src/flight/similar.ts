/** The maximum number of different letters between a word and a suggestion. */
const distanceMax = 2;

/** The longest word that is compared: the time grows with the square of the length. */
const wordCharCountMax = 100;

/** Returns the candidate that is most similar to a word; undefined if none is similar. */
export function findSimilar(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > wordCharCountMax) return undefined;
  const ranked = candidates
    .filter(({ length }) => Math.abs(length - word.length) <= distanceMax)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.min(distanceMax, candidate.length / 2))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Returns the number of letters to insert, delete or change (Levenshtein distance). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const changed = row[column - 1]! + (b[column - 1] === letter ? 0 : 1);
      next.push(Math.min(changed, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
