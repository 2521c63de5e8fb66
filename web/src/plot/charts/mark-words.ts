import { axisText, isDate, tickText } from "../axis.ts";
import { edgeOf, type Bin, type Parts } from "../bin-rows.ts";
import type { Channel } from "../channel.ts";
import { formatCounted } from "../../ui/format.ts";

/** A part of an axis in words; pure. */
export function partWords(channel: Channel, parts: Parts, part: number): string {
  const { field } = channel;
  const from = axisText(field, edgeOf(parts, part));
  if (isEachValue(channel, parts)) return `${field.name}: ${from}`;
  return `${field.name}: ${from} to ${axisText(field, edgeOf(parts, part + 1))}`;
}

/** The values of a bin in words; pure. */
export function binWords({ field }: Channel, { count, mean, min, max }: Bin): string[] {
  const text = (value: number): string => axisText(field, value);
  return [
    `mean of ${field.name}: ${tickText(Number(mean.toPrecision(6)))}`,
    `${text(min)} to ${text(max)}`,
    formatCounted(count, "row"),
  ];
}

const timeUnits = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1],
] as const;

/** What is summed up in words: `value of passengers`, or the width of the parts; pure. */
export function eachWords(x: Channel, parts: Parts): string {
  return isEachValue(x, parts) ? `value of ${x.field.name}` : tickWidth(x, parts);
}

/** Whether each part is one whole number; pure. */
export function isEachValue({ field }: Channel, { step }: Parts): boolean {
  return field.type.kind === "int" && step === 1;
}

/** The width of a part in words: `2 days`, `0.5`. */
export function tickWidth({ field }: Channel, { step }: Parts): string {
  if (!isDate(field)) return tickText(step);
  const [unit, length] = timeUnits.find(([, length]) => step >= length) ?? timeUnits.at(-1)!;
  return step === length ? unit : `${tickText(step / length)} ${unit}s`;
}

/** The value of a row in words; pure. */
export function valueAt({ field, values, labels }: Channel, row: number): string {
  return labels ? labels[values[row]!]! : axisText(field, values[row]!);
}
