import { othersLabel, type Channel } from "./channel.ts";

/** Rows in groups: the group of each row, and the labels of groups in their order. */
export interface Groups {
  readonly of: Uint8Array;
  readonly labels: readonly string[];
}

const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * The largest categories in the order of their labels, which does not change with how large they are, and all others as
 * one; pure. Categories whose labels are cut to the same text are told apart by a number.
 */
export function rankGroups({ values, labels = [] }: Channel, groupsMax: number): Groups {
  const counts = new Float64Array(labels.length);
  for (const code of values) counts[code]! += 1;
  const codes = labels.map((_, code) => code).filter((code) => counts[code]! > 0);
  const own = codes.filter((code) => labels[code] !== othersLabel).sort((a, b) => counts[b]! - counts[a]!);
  const kept = own.slice(0, groupsMax).sort((a, b) => compare(labels[a]!, labels[b]!));
  const groupOf = new Int32Array(labels.length).fill(kept.length);
  kept.forEach((code, group) => (groupOf[code] = group));
  const names = kept.map((code, i) => {
    const before = kept.slice(0, i).filter((each) => labels[each] === labels[code]).length;
    return before === 0 ? labels[code]! : `${labels[code]!} (${before + 1})`;
  });
  const hasOthers = codes.length > kept.length;
  const of = new Uint8Array(values.length);
  for (let row = 0; row < of.length; row++) of[row] = groupOf[values[row]!]!;
  return { of, labels: hasOthers ? [...names, othersLabel] : names };
}

/** All rows as one group without a label. */
export function oneGroup(count: number): Groups {
  return { of: new Uint8Array(count), labels: [""] };
}
