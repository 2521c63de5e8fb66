import { formatType, type Field } from "../arrow/index.ts";
import { compareAny, compareOf, type Compare } from "./compare.ts";
import { compareFields, type FieldComparison } from "./compare-fields.ts";
import type { ColumnOperand, Condition, Literal } from "./expression.ts";
import { refused } from "./filter-error.ts";
import { findField, formatPath, resolveField, type BoundField, type FieldPath } from "./find-field.ts";
import { operandsOf, type FilterOperator } from "./operators.ts";
import { quoteText } from "./quote.ts";
import { compilePattern, type TextPattern } from "./text-pattern.ts";
import { toConstant, type Constant } from "./to-constant.ts";

/** The operators that are evaluated. The others are written with them. */
export type BoundOperator =
  | Extract<FilterOperator, "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is null" | "is not null">
  | "matches"
  | "not matches";

/** A condition whose fields and constants have been found. It is plain data, so that it can be sent to workers. */
export interface BoundCondition {
  readonly kind: "condition";
  readonly operator: BoundOperator;
  readonly field: BoundField;
  /** In their order; those of `in` and `not in` are values that the type has. */
  readonly constants: readonly Constant[];
  /** The field that it is compared with, instead of a constant. */
  readonly other?: BoundField;
  /** For `matches` and `not matches`. */
  readonly pattern?: TextPattern;
}

/** A condition with the fields of one decoded schema. */
export interface ResolvedCondition extends Omit<BoundCondition, "field" | "other"> {
  /** The column, followed by the struct fields down to the compared field. */
  readonly fields: FieldPath;
  /** The same by name. */
  readonly path: readonly string[];
  /** The field that it is compared with, and how. */
  readonly other?: { readonly fields: FieldPath; readonly comparison: FieldComparison };
  /** How values of the field compare. */
  readonly compare: Compare;
}

/** The types that patterns match. Bytes are matched as UTF-8, which Parquet's ENUM is. */
const textKinds = ["utf8", "large_utf8", "utf8_view", "binary", "large_binary", "binary_view"];

/**
 * Resolves the fields of one condition, except BETWEEN, and converts its literals.
 *
 * @throws FilterError as `bindFilter`
 */
export function bindCondition(condition: Condition, columns: readonly Field[]): BoundCondition {
  const { path, pathPlace, operator, values, place } = condition;
  const { field, indices } = findField({ path, place: pathPlace }, columns);
  const bound = { kind: "condition", field: { indices, path }, constants: [] } as const;
  const operands = operandsOf(operator);
  if (operands === "none") return { ...bound, operator: operator as BoundOperator };
  if (field.children.length > 0 || field.type.kind === "interval") {
    const words = `${formatPath(path)} is ${formatType(field)}, which supports only IS NULL and IS NOT NULL`;
    throw refused(place, words);
  }
  if (operands === "pattern") return { ...bound, ...bindPattern(condition, field) };
  const [first] = values;
  if (first?.kind === "column") {
    return { ...bound, operator: operator as BoundOperator, other: bindOther(field, { path, other: first }, columns) };
  }
  const constants = (values as readonly Literal[]).map((value) => toConstant(field, value));
  return {
    ...bound,
    operator: operator as BoundOperator,
    constants: operands === "list" ? toSorted(constants) : constants,
  };
}

/** Finds the fields of a bound condition in a schema. */
export function resolveCondition(condition: BoundCondition, columns: readonly Field[]): ResolvedCondition {
  const { field, other, ...rest } = condition;
  const fields = resolveField(field, columns);
  const resolved = { ...rest, fields, path: field.path };
  if (other === undefined) return { ...resolved, compare: compareOf(condition.constants[0]?.value ?? false) };
  const otherFields = resolveField(other, columns);
  const comparison = compareFields(fields.at(-1)!, otherFields.at(-1)!)!;
  return { ...resolved, other: { fields: otherFields, comparison }, compare: compareAny };
}

function bindPattern({ path, operator, values, escape, place }: Condition, field: Field) {
  const [{ kind, text, place: textPlace }] = values as readonly [Literal];
  const isNegated = operator.startsWith("not ");
  const positive = (isNegated ? operator.slice("not ".length) : operator) as FilterOperator;
  if (!textKinds.includes(field.type.kind)) {
    throw refused(place, `${formatPath(path)} is ${formatType(field)}; ${positive.toUpperCase()} needs a string`);
  }
  if (kind !== "string") throw refused(textPlace, `put a string in single quotes: ${quoteText(text)}`);
  const pattern = compilePattern({ operator: positive, text, escape, place: textPlace });
  return { operator: isNegated ? "not matches" : "matches", pattern } as const;
}

function bindOther(
  field: Field,
  { path, other }: { readonly path: readonly string[]; readonly other: ColumnOperand },
  columns: readonly Field[],
): BoundField {
  const [name, ...rest] = other.path;
  const hint = rest.length === 0 ? `; a string is put in single quotes: ${quoteText(name!)}` : "";
  const { field: otherField, indices } = findField(other, columns, hint);
  if (compareFields(field, otherField) === undefined) {
    const types = `${formatPath(path)} is ${formatType(field)} and ${formatPath(other.path)} is ${formatType(otherField)}`;
    throw refused(other.place, `${types}; these do not compare`);
  }
  return { indices, path: other.path };
}

/** A value that the type does not have is in no list of its values. */
function toSorted(constants: readonly Constant[]): Constant[] {
  const compare = compareOf(constants[0]?.value ?? false);
  return constants.filter(({ isExact }) => isExact).sort((a, b) => compare(a.value, b.value));
}
