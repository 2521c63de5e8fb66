/** What rows are compared by. */
export type SortKey = number | bigint | string | null;

/** The rows of keys in their order: equal ones as they came, nulls last whichever way the order goes; pure. */
export function orderRows(keys: readonly SortKey[], isDescending: boolean): Uint32Array {
  const sign = isDescending ? -1 : 1;
  const rows = Uint32Array.from(keys, (_, row) => row);
  return rows.sort((a, b) => compareKeys(keys[a]!, keys[b]!, sign) || a - b);
}

function compareKeys(a: SortKey, b: SortKey, sign: number): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || rankOf(a) > 0) return rank;
  return a! < b! ? -sign : a! > b! ? sign : 0;
}

/** Values, then what is no number, then nulls. */
function rankOf(key: SortKey): number {
  return key === null ? 2 : Number.isNaN(key) ? 1 : 0;
}

/** Divides rows into runs in which each is next to the one before, one way or the other; pure. */
export function planNeighbours(rows: Uint32Array, lengthMax: number): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  const stepTo = (at: number): number => rows[at]! - rows[at - 1]!;
  for (let start = 0; start < rows.length; start = runs.at(-1)!.end) {
    const last = Math.min(rows.length, start + lengthMax);
    let end = start + 1;
    if (Math.abs(stepTo(end)) === 1) while (end < last && stepTo(end) === stepTo(start + 1)) end += 1;
    runs.push({ start, end });
  }
  return runs;
}
