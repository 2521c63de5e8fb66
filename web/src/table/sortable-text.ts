import type { DataType } from "hangar/flight";
import { isBinary } from "./show-cells.ts";

/**
 * A text that compares, with others of its type, as the server compares the values: strings by code points, binaries,
 * which are given in base64, by bytes; pure.
 */
export function toSortableText(type: DataType, text: string): string {
  if (isBinary(type)) return atob(text);
  // JavaScript compares units of UTF-16, in which what takes two of them stands before the last of those that take one.
  return text.replace(/[\uD800-\uFFFF]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}
