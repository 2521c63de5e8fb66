import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * Returns the width of a text on a terminal, in characters. Most texts are ASCII, where each character has one. Only
 * another text needs the library, whose regular expressions take 10 ms to compile.
 */
export function textWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  const { default: stringWidth } = load("string-width") as typeof import("string-width");
  return stringWidth(text);
}
