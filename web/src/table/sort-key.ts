import type { DataType } from "hangar/flight";
import type { SortKey } from "./order-rows.ts";
import { isBinary } from "./show-cells.ts";

/** Whether the values of a type have a place on a line: numbers and times. */
export function isMeasure({ kind }: DataType): boolean {
  return ["int", "float", "decimal", "date", "time", "timestamp", "duration"].includes(kind);
}

/**
 * What the text of a value, which is as docs/rows.md has it, is compared by with others of its type, as the server
 * compares the values: numbers and durations as such, strings by code points, binaries by bytes; pure.
 */
export function toSortKey(type: DataType, text: string): NonNullable<SortKey> {
  switch (type.kind) {
    case "float":
      return Number(text);
    case "int":
    case "decimal":
    case "duration":
      // All values of a type have the same decimals.
      return BigInt(text.replace(/[^-\d]/g, ""));
    default:
      return isBinary(type) ? atob(text) : byCodePoints(text);
  }
}

/** JavaScript compares units of UTF-16, in which what takes two of them stands before the last of those that take one. */
function byCodePoints(text: string): string {
  return text.replace(/[\uD800-\uFFFF]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}
