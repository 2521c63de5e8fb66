import { formatType, type Field } from "../arrow/index.ts";
import { quoteName } from "../dataset/index.ts";
import { compareOf, type Compare } from "./compare.ts";
import { formatPath, refused, type Condition } from "./condition.ts";
import { toConstant, type Constant } from "./to-constant.ts";

/** A condition on a field that there is. */
export interface BoundCondition {
  readonly operator: Condition["operator"];
  /** The column, then the fields of structs down to the one that is compared. */
  readonly fields: readonly [Field, ...Field[]];
  /** The same by name. */
  readonly path: readonly string[];
  /** In their order; those of `in` and `not in` are values that the type has. */
  readonly constants: readonly Constant[];
  /** How values of the field compare. */
  readonly compare: Compare;
}

/** Conditions that must all be met. */
export interface BoundFilter {
  readonly conditions: readonly BoundCondition[];
  /** The columns that they look at, by their index, rising. */
  readonly columnIndices: readonly number[];
}

/**
 * Finds a filter's fields in a schema, and makes values of their types of its literals.
 *
 * @throws FlightError INVALID_ARGUMENT that says where the mistake is: no such field or several, a literal that is no
 * value of its type, a type that has no order
 */
export function bindFilter(conditions: readonly Condition[], columns: readonly Field[]): BoundFilter {
  const bound = conditions.map((condition) => bindCondition(condition, columns));
  const indices = new Set(bound.map(({ fields }) => columns.indexOf(fields[0])));
  return { conditions: bound, columnIndices: [...indices].sort((a, b) => a - b) };
}

function bindCondition(condition: Condition, columns: readonly Field[]): BoundCondition {
  const { path, operator, values, place } = condition;
  const fields = findFields(condition, columns);
  const field = fields.at(-1)!;
  if (values.length > 0 && (field.children.length > 0 || field.type.kind === "interval")) {
    const words = `${formatPath(path)} is ${formatType(field)}, of which only IS NULL and IS NOT NULL can be asked`;
    throw refused(place, words);
  }
  if (operator === "starts with" && !["utf8", "large_utf8", "utf8_view"].includes(field.type.kind)) {
    throw refused(place, `${formatPath(path)} is ${formatType(field)}; only a string starts with another`);
  }
  const constants = values.map((value) => toConstant(field, value));
  const compare = compareOf(constants[0]?.value ?? false);
  return { operator, fields, path, compare, constants: isList(operator) ? toSorted(constants, compare) : constants };
}

function isList(operator: Condition["operator"]): boolean {
  return operator === "in" || operator === "not in";
}

/** A value that the type does not have is in no list of its values. */
function toSorted(constants: readonly Constant[], compare: Compare): Constant[] {
  return constants.filter(({ isExact }) => isExact).sort((a, b) => compare(a.value, b.value));
}

function findFields({ path, place }: Condition, columns: readonly Field[]): [Field, ...Field[]] {
  const found: Field[] = [];
  let among = columns;
  for (const [depth, name] of path.entries()) {
    const [field, second] = among.filter((each) => each.name === name);
    const shown = formatPath(path.slice(0, depth + 1));
    if (field === undefined) {
      const parent = found.at(-1);
      const where = parent === undefined ? "column of the dataset" : `field of ${quoteName(parent.name)}`;
      throw refused(place, `${shown} is no ${where}`);
    }
    if (second !== undefined) throw refused(place, `several fields are named ${shown}`);
    found.push(field);
    // What is below a list or a map is many values, and what is below a dictionary is not in the rows.
    among = field.type.kind === "struct" && field.dictionary === undefined ? field.children : [];
  }
  return found as [Field, ...Field[]];
}
