import type { Field } from "hangar/flight";

/** Pixels of a character, and what of a column is none of its text: a title has its menu beside it. */
const charWidth = 7.6;
const digitWidth = 8.4;
const cellMargin = 24;
const titleMargin = 78;
/** However long a title is, or a number, its column begins no wider, in pixels: the longest decimal of 128 bits fits. */
const titleWidthMax = 240;
const numberWidthMax = 370;
/** Characters of a timestamp. */
const timestampChars = { s: 20, ms: 24, us: 27, ns: 30 } as const;

/**
 * How narrow a column may be to begin with, in pixels, so that its title, its times and its numbers can be read; pure.
 *
 * @param numberChars - the characters of its longest number or time, where some are known
 */
export function minWidthOf({ name, type }: Field, numberChars = 0): number {
  const title = Math.min(titleWidthMax, name.length * charWidth + titleMargin);
  const number = type.kind === "timestamp" ? 0 : Math.min(numberWidthMax, numberChars * digitWidth + cellMargin);
  const timeChars = type.kind === "timestamp" ? Math.max(numberChars, timestampChars[type.unit]) : 0;
  const time = timeChars * charWidth + cellMargin;
  return Math.max(title, number, time);
}
