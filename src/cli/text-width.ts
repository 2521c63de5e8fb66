import stringWidth from "string-width";

/** Returns the width of a text on a terminal, in characters. Most texts are ASCII, where each character has one. */
export function textWidth(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : stringWidth(text);
}
