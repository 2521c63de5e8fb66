import { parse } from "smol-toml";
import type { KeyPath } from "./misplaced-value.ts";

/**
 * Returns the line of a key in a TOML document, from 1.
 *
 * A TOML parser does not return positions. But a document that is cut after a line has the keys up to there, or is not
 * valid inside a multi-line value. So a binary search finds the line.
 *
 * @param path - the path to an existing value
 */
export function findLine(text: string, path: KeyPath): number {
  const lines = text.split("\n");
  let [without, having] = [0, lines.length];
  while (having - without > 1) {
    const middle = (without + having) >> 1;
    if (hasPath(cut(lines, middle).document, path)) having = middle;
    else without = middle;
  }
  // The value ends in this line. It starts after the longest valid document without it.
  return cut(lines, having - 1).lineCount + 1;
}

/** Returns the longest valid document with a maximum number of lines. */
function cut(lines: readonly string[], lineCountMax: number): { lineCount: number; document: unknown } {
  for (let lineCount = lineCountMax; lineCount > 0; lineCount--) {
    try {
      return { lineCount, document: parse(lines.slice(0, lineCount).join("\n")) };
    } catch {
      // It ends within a value.
    }
  }
  return { lineCount: 0, document: {} };
}

function hasPath(value: unknown, [key, ...rest]: KeyPath): boolean {
  if (key === undefined) return true;
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
  return hasPath((value as Record<string | number, unknown>)[key], rest);
}
