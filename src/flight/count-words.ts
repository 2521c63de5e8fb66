/** Returns a count with its noun: `1 row`, `3 rows`. The plural of the noun ends with `s`. */
export function countWords(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? "" : "s"}`;
}
