import { nullLabel, othersLabel, type Channel } from "./channel.ts";

/** Rows in groups: the group of each row, and the labels of groups in their order. */
export interface Groups {
  readonly of: Uint8Array;
  readonly labels: readonly string[];
  /** The group of nulls, which is the last; -1 for none. */
  readonly nullGroup: number;
}

const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * The largest categories in the order of their labels, which does not change with how large they are; then all others as
 * one, and nulls as one; pure. Categories whose labels are the same text are told apart by a number.
 */
export function rankGroups({ values, labels = [], nullCode, othersCode }: Channel, groupsMax: number): Groups {
  const counts = new Float64Array(labels.length);
  for (const code of values) counts[code]! += 1;
  const codes = labels.map((_, code) => code).filter((code) => counts[code]! > 0 && code !== nullCode);
  const own = codes.filter((code) => code !== othersCode).sort((a, b) => counts[b]! - counts[a]!);
  const kept = own.slice(0, groupsMax).sort((a, b) => compare(labels[a]!, labels[b]!));
  const groupOf = new Int32Array(labels.length).fill(kept.length);
  kept.forEach((code, group) => (groupOf[code] = group));
  const special = [codes.length > kept.length && othersLabel, counts[nullCode]! > 0 && nullLabel].filter(
    (label) => label !== false,
  );
  const names = kept.map((code, i) => {
    const before = [...special, ...kept.slice(0, i).map((each) => labels[each]!)];
    const sameCount = before.filter((label) => label === labels[code]).length;
    return sameCount === 0 ? labels[code]! : `${labels[code]!} (${sameCount + 1})`;
  });
  const all = [...names, ...special];
  const nullGroup = special.at(-1) === nullLabel ? all.length - 1 : -1;
  if (nullGroup >= 0) groupOf[nullCode] = nullGroup;
  const of = new Uint8Array(values.length);
  for (let row = 0; row < of.length; row++) of[row] = groupOf[values[row]!]!;
  return { of, labels: all, nullGroup };
}

/** All rows as one group without a label. */
export function oneGroup(count: number): Groups {
  return { of: new Uint8Array(count), labels: [""], nullGroup: -1 };
}

/** The colours of groups, in their order: nulls are grey. */
export function groupColours({ labels, nullGroup }: Pick<Groups, "labels" | "nullGroup">): readonly string[] {
  return labels.map((_, group) => (group === nullGroup ? nullColour : `var(--series-${group + 1})`));
}

/** The colour of what is drawn of nulls. */
export const nullColour = "var(--series-null)";
