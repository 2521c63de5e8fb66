import type { DataType } from "hangar/flight";
import { byteLengthOf, isBinary, isNested, showWhole } from "../table/show-cells.ts";
import { plainFormat, type ValueFormat } from "../table/value-format.ts";
import { formatCounted } from "../ui/format.ts";

/** A value to be read at length, and what there is to say about it. */
export interface ExplainedValue {
  readonly text: string;
  readonly note: string | undefined;
}

/**
 * Writes a value, which is as docs/rows.md has it, at length: a nested one over several lines, a binary in hexadecimal
 * with its length, a time also in its zone; pure.
 *
 * @param options - `charsMax` is how much of it is wanted
 */
export function explainValue(
  type: DataType,
  value: string | null,
  { charsMax = Infinity, format = plainFormat }: { readonly charsMax?: number; readonly format?: ValueFormat } = {},
): ExplainedValue {
  if (value === null) return { text: "", note: undefined };
  if (isNested(type)) return { text: indentJson(value, charsMax), note: undefined };
  const text = showWhole(type, value, format).slice(0, charsMax);
  if (isBinary(type)) return { text, note: formatCounted(byteLengthOf(value), "byte") };
  if (type.kind === "timestamp" && type.timezone !== "" && format.zone === "utc")
    return { text, note: inZone(value, type.timezone) };
  return { text, note: undefined };
}

/**
 * Breaks JSON into lines without reading its numbers, which may have more digits than JavaScript keeps; pure.
 *
 * @param charsMax - how much of it is wanted
 */
export function indentJson(json: string, charsMax = Infinity): string {
  let [text, depth, done] = ["", 0, 0];
  const marks = /["[\]{},:]/g;
  for (let match = marks.exec(json); match !== null && text.length < charsMax; match = marks.exec(json)) {
    const [mark] = match;
    if (mark === '"') {
      marks.lastIndex = endOfText(json, match.index);
      continue;
    }
    text += json.slice(done, match.index);
    const isOpening = /[[{]/.test(mark);
    const isEmpty = isOpening && /[\]}]/.test(json[match.index + 1]!);
    done = match.index + (isEmpty ? 2 : 1);
    marks.lastIndex = done;
    if (isOpening && !isEmpty) depth += 1;
    else if (/[\]}]/.test(mark)) depth -= 1;
    const line = `\n${"  ".repeat(depth)}`;
    if (isEmpty) text += json.slice(match.index, done);
    else if (isOpening || mark === ",") text += mark + line;
    else text += mark === ":" ? ": " : line + mark;
  }
  return (text + json.slice(done, done + charsMax)).slice(0, charsMax);
}

/** Where a text of JSON ends that begins at an index: behind its last quote. */
function endOfText(json: string, start: number): number {
  const ends = /["\\]/g;
  ends.lastIndex = start + 1;
  for (let match = ends.exec(json); match !== null; match = ends.exec(json)) {
    if (match[0] === '"') return match.index + 1;
    ends.lastIndex = match.index + 2;
  }
  return json.length;
}

function inZone(utc: string, timeZone: string): string | undefined {
  const date = new Date(utc);
  if (Number.isNaN(date.getTime())) return undefined;
  try {
    const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "medium" });
    return `${format.format(date)} in ${timeZone}`;
  } catch {
    return `The time zone ${timeZone} is not known to this browser; the time is in UTC.`;
  }
}
