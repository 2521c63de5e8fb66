import { formatType, type Field } from "../arrow/index.ts";
import { quoteName } from "../flight/index.ts";
import { compareOf, type Compare } from "./compare.ts";
import { formatPath, refused, type Condition } from "./condition.ts";
import { toConstant, type Constant } from "./to-constant.ts";

/** A condition whose field and constants have been found. It is plain data, so that it can be sent to workers. */
export interface BoundCondition {
  readonly operator: Condition["operator"];
  /** The index of the column, then those of the children of structs, down to the field that is compared. */
  readonly indices: readonly number[];
  /** The same by name. */
  readonly path: readonly string[];
  /** In their order; those of `in` and `not in` are values that the type has. */
  readonly constants: readonly Constant[];
}

/** Conditions that must all be met. Filters are bound once; workers resolve them. */
export interface BoundFilter {
  readonly conditions: readonly BoundCondition[];
  /** The columns that they look at, by their index, rising. */
  readonly columnIndices: readonly number[];
}

/** A condition with the fields of one decoded schema. */
export interface ResolvedCondition extends BoundCondition {
  /** The column, followed by the struct fields down to the compared field. */
  readonly fields: readonly [Field, ...Field[]];
  /** How values of the field compare. */
  readonly compare: Compare;
}

/**
 * Resolves the fields of a filter in a schema, and converts its literals to values of their types.
 *
 * @throws FlightError INVALID_ARGUMENT, with the position, if a field does not exist or is ambiguous, a literal is not
 * a valid value, or a type has no order
 */
export function bindFilter(conditions: readonly Condition[], columns: readonly Field[]): BoundFilter {
  const bound = conditions.map((condition) => bindCondition(condition, columns));
  const columnIndices = new Set(bound.map(({ indices }) => indices[0]!));
  return { conditions: bound, columnIndices: [...columnIndices].sort((a, b) => a - b) };
}

/** Finds the fields of a bound filter in a schema that is equal to the one that it was bound to. */
export function resolveFilter({ conditions }: BoundFilter, columns: readonly Field[]): readonly ResolvedCondition[] {
  return conditions.map((condition) => {
    const [columnIndex, ...childIndices] = condition.indices;
    const fields: [Field, ...Field[]] = [columns[columnIndex!]!];
    for (const index of childIndices) fields.push(fields.at(-1)!.children[index]!);
    return { ...condition, fields, compare: compareOf(condition.constants[0]?.value ?? false) };
  });
}

function bindCondition(condition: Condition, columns: readonly Field[]): BoundCondition {
  const { path, operator, values, place } = condition;
  const { field, indices } = findField(condition, columns);
  if (values.length > 0 && (field.children.length > 0 || field.type.kind === "interval")) {
    const words = `${formatPath(path)} is ${formatType(field)}, which supports only IS NULL and IS NOT NULL`;
    throw refused(place, words);
  }
  if (operator === "starts with" && !["utf8", "large_utf8", "utf8_view"].includes(field.type.kind)) {
    throw refused(place, `${formatPath(path)} is ${formatType(field)}; STARTS WITH needs a string`);
  }
  const constants = values.map((value) => toConstant(field, value));
  return { operator, indices, path, constants: isList(operator) ? toSorted(constants) : constants };
}

function isList(operator: Condition["operator"]): boolean {
  return operator === "in" || operator === "not in";
}

/** A value that the type does not have is in no list of its values. */
function toSorted(constants: readonly Constant[]): Constant[] {
  const compare = compareOf(constants[0]?.value ?? false);
  return constants.filter(({ isExact }) => isExact).sort((a, b) => compare(a.value, b.value));
}

function findField({ path, place }: Condition, columns: readonly Field[]): { field: Field; indices: number[] } {
  const indices: number[] = [];
  let found: Field | undefined;
  let among = columns;
  for (const [depth, name] of path.entries()) {
    const index = among.findIndex((each) => each.name === name);
    const shown = formatPath(path.slice(0, depth + 1));
    if (index === -1) {
      const where = found === undefined ? "column of the dataset" : `field of ${quoteName(found.name)}`;
      throw refused(place, `${shown} is not a ${where}`);
    }
    if (among.some((each, i) => i > index && each.name === name))
      throw refused(place, `several fields are named ${shown}`);
    indices.push(index);
    found = among[index]!;
    // What is below a list or a map is many values, and what is below a dictionary is not in the rows.
    among = found.type.kind === "struct" && found.dictionary === undefined ? found.children : [];
  }
  return { field: found!, indices };
}
