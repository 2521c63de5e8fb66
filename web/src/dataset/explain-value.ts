import type { DataType } from "hangar/flight";
import { byteLengthOf, isBinary, showWhole } from "../table/show-cells.ts";
import { formatCounted } from "../ui/format.ts";

/** A value to be read at length, and what there is to say about it. */
export interface ExplainedValue {
  readonly text: string;
  readonly note: string | undefined;
}

const nestedKinds = new Set(["list", "large_list", "list_view", "large_list_view", "fixed_size_list", "struct", "map"]);

/**
 * Writes a value, which is as docs/rows.md has it, at length: a nested one over several lines, a binary in hexadecimal
 * with its length, a time also in its zone; pure.
 */
export function explainValue(type: DataType, value: string | null): ExplainedValue {
  if (value === null) return { text: "", note: undefined };
  if (nestedKinds.has(type.kind)) return { text: indentJson(value), note: undefined };
  const text = showWhole(type, value);
  if (isBinary(type)) return { text, note: formatCounted(byteLengthOf(value), "byte") };
  if (type.kind === "timestamp" && type.timezone !== "") return { text, note: inZone(value, type.timezone) };
  return { text, note: undefined };
}

/** Breaks JSON into lines without reading its numbers, which may have more digits than JavaScript keeps. */
export function indentJson(json: string): string {
  let [text, depth, isQuoted] = ["", 0, false];
  for (let i = 0; i < json.length; i++) {
    const character = json[i]!;
    if (isQuoted) {
      text += character;
      if (character === "\\") text += json[++i];
      else if (character === '"') isQuoted = false;
    } else if (character === '"') {
      text += character;
      isQuoted = true;
    } else if (/[[{]/.test(character) && /[\]}]/.test(json[i + 1]!)) {
      text += character + json[++i];
    } else if (/[[{]/.test(character)) text += `${character}\n${"  ".repeat(++depth)}`;
    else if (/[\]}]/.test(character)) text += `\n${"  ".repeat(--depth)}${character}`;
    else if (character === ",") text += `,\n${"  ".repeat(depth)}`;
    else text += character === ":" ? ": " : character;
  }
  return text;
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
