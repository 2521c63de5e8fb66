import { readStored, writeStored } from "../ui/stored.ts";

/** The key that HighTable is given; there is one table on the page. */
export const widthsKey = "hangar-table";

/** Where HighTable 0.26 keeps the widths that somebody has set: a list by the places of columns. */
const placedKey = `${widthsKey}:2:column:widths`;

/** Where they are kept by the names of columns, which stay the same when others are hidden or moved. */
function namedKey(dataset: string): string {
  return `hangar-widths ${dataset}`;
}

/** Puts widths where a table that is about to be drawn finds them. */
export function placeWidths(dataset: string, columns: readonly string[]): void {
  const named = readNamed(dataset);
  writeStored(placedKey, JSON.stringify(columns.map((column) => named.get(column) ?? null)));
}

/** Keeps the widths that a table has by now. */
export function keepWidths(dataset: string, columns: readonly string[]): void {
  const placed = (readJson(placedKey) ?? []) as readonly unknown[];
  const named = readNamed(dataset);
  columns.forEach((column, i) => {
    const width = placed[i];
    if (typeof width === "number") named.set(column, width);
    else named.delete(column);
  });
  if (named.size > 0 || readStored(namedKey(dataset)) !== null) {
    writeStored(namedKey(dataset), JSON.stringify(Object.fromEntries(named)));
  }
}

function readNamed(dataset: string): Map<string, number> {
  return new Map(Object.entries((readJson(namedKey(dataset)) ?? {}) as Record<string, number>));
}

/** What is kept under a key; undefined where it is nothing, or nonsense. */
function readJson(key: string): object | undefined {
  try {
    return (JSON.parse(readStored(key) ?? "null") as object | null) ?? undefined;
  } catch {
    return undefined;
  }
}
