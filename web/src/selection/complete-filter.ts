import type { Field } from "hangar/flight";
import { findNested, quoteField, type NestedField } from "./column-fields.ts";

/** What may stand at the place where somebody types. */
export interface Completion {
  /** The start of what is being typed, which an item replaces up to the caret. */
  readonly start: number;
  readonly items: readonly string[];
  /** The column whose frequent values fit here; undefined if no values do. */
  readonly valuesOf: Field | undefined;
}

/** Items that are offered at once. */
const itemsMax = 8;

/** A name of a column or a field, or a word; with its quotes, if it has some. */
const name = /"(?:[^"]|"")*"?|[\p{L}_][\p{L}\p{N}_]*/u;
const names = new RegExp(name, "gu");
/** Names of one path are one token, also while the last is to come. */
const token = new RegExp(
  `(?:${name.source})(?:\\.(?:${name.source})?)*|'(?:[^']|'')*'?|[+-]?[\\d.]+|[<>=!]+|[(),]`,
  "gu",
);

/** What is expected next. */
type Expected = "column" | "operator" | "value" | "joint";

const joints = ["and", "or"];
const numberOperators = ["=", "!=", "<", "<=", ">", ">=", "between", "in (", "is null", "is not null"];
const textOperators = ["=", "!=", "in (", "contains", "icontains", "starts with", "like", "is null", "is not null"];

/**
 * Completes a filter at the caret: columns, operators of the column's type, values, AND and OR; pure.
 *
 * @param before - the text before the caret
 * @param values - frequent values of a column, as a filter has them; undefined if they are not known yet
 */
export function completeFilter(
  before: string,
  fields: readonly Field[],
  values: (field: Field) => readonly string[] | undefined,
): Completion {
  const tokens = [...before.matchAll(token)];
  const last = tokens.at(-1);
  const isTyping =
    last !== undefined && last.index + last[0].length === before.length && /^["'\p{L}_\d]/u.test(last[0]);
  const isDone = isTyping && /^(["']).+\1$/.test(last[0]);
  const typed = isTyping && !isDone ? last[0] : "";
  const { expected, column } = walk(tokens.slice(0, typed === "" ? undefined : -1).map(([text]) => text));
  const start = before.length - typed.length;
  const known: readonly PathField[] = [...fields, ...findNested(fields).values()];
  const field = column && known.find((each) => isPathOf(each, column));
  switch (expected) {
    case "column":
      return {
        start,
        items: matching(known.map(quoteField), typed),
        valuesOf: undefined,
      };
    case "operator":
      return { start, items: beginning(operatorsOf(field), typed), valuesOf: undefined };
    case "value":
      return { start, items: matching((field && values(field)) ?? [], typed), valuesOf: field };
    case "joint":
      return { start, items: beginning(joints, typed), valuesOf: undefined };
  }
}

/** A column, or a field of a struct. */
type PathField = Field & Partial<Pick<NestedField, "path">>;

function isPathOf(field: PathField, path: readonly string[]): boolean {
  return JSON.stringify(field.path ?? [field.name]) === JSON.stringify(path);
}

/** The names of a path, without quotes. */
function pathOf(text: string): readonly string[] {
  return [...text.matchAll(names)].map(([each]) =>
    each.startsWith('"') ? each.slice(1, -1).replaceAll('""', '"') : each,
  );
}

function operatorsOf(field: Field | undefined): readonly string[] {
  if (field === undefined) return numberOperators;
  if (field.children.length > 0) return ["is null", "is not null"];
  return /utf8/.test(field.type.kind) ? textOperators : numberOperators;
}

function beginning(items: readonly string[], typed: string): readonly string[] {
  return items.filter((item) => item.startsWith(typed.toLowerCase()) && item !== typed);
}

/** Items that begin with what is typed, then those that contain it, without quotes and case. */
function matching(items: readonly string[], typed: string): readonly string[] {
  const plain = (text: string): string => text.replace(/^["']/, "").toLowerCase();
  const wanted = plain(typed);
  const begins = items.filter((item) => plain(item).startsWith(wanted));
  const contains = wanted === "" ? [] : items.filter((item) => plain(item).indexOf(wanted) > 0);
  return [...begins, ...contains].slice(0, itemsMax).filter((item) => item !== typed);
}

/** Reads the tokens that are finished. */
function walk(tokens: readonly string[]): { expected: Expected; column: readonly string[] | undefined } {
  let expected: Expected = "column";
  let column: readonly string[] | undefined;
  let isBetween = false;
  for (const text of tokens) {
    const word = text.toLowerCase();
    if (expected === "column") {
      if (text === "(" || word === "not") continue;
      column = pathOf(text);
      expected = "operator";
    } else if (expected === "operator") {
      isBetween ||= word === "between";
      if (word === "null") expected = "joint";
      else if (!["not", "is", "starts", "ends"].includes(word)) expected = "value";
    } else if (expected === "value") {
      if (text !== "(" && text !== ",") expected = "joint";
    } else if (word === "and" && isBetween) {
      isBetween = false;
      expected = "value";
    } else if (joints.includes(word)) expected = "column";
    else if (text === ",") expected = "value";
  }
  return { expected, column };
}
