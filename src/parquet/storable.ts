import { FlightError, type Field, type Schema } from "../flight/index.ts";

/** Types that a dictionary's values may have: those that Parquet has one column for, and parquet-wasm an encoder. */
const dictionaryValueKinds = new Set([
  "int",
  "float",
  "decimal",
  "date",
  "time",
  "timestamp",
  "duration",
  "utf8",
  "large_utf8",
  "binary",
  "large_binary",
  "fixed_size_binary",
]);

/**
 * Checks that a schema can be stored as Parquet, so that a put is refused before anything is written.
 *
 * @throws FlightError INVALID_ARGUMENT naming the column, dotted where it is nested, and its type or what else is in the way
 */
export function assertStorable(schema: Schema): void {
  for (const field of schema.fields) assertFieldStorable(field, field.name);
}

function assertFieldStorable(field: Field, path: string): void {
  const problem = nameProblem(field) ?? (field.dictionary ? dictionaryProblem(field) : typeProblem(field));
  if (problem !== undefined) {
    throw new FlightError("invalid_argument", `column ${path} cannot be stored as Parquet: ${problem}`);
  }
  if (!field.dictionary) for (const child of field.children) assertFieldStorable(child, `${path}.${child.name}`);
}

/** A name with a NUL can be written, and then not be read: on the way are strings that end there. */
function nameProblem({ name, type }: Field): string | undefined {
  const texts = type.kind === "timestamp" ? [name, type.timezone] : [name];
  return texts.some((text) => text.includes("\0")) ? "there is a NUL in its name or time zone" : undefined;
}

function dictionaryProblem({ type }: Field): string | undefined {
  return dictionaryValueKinds.has(type.kind) ? undefined : `its type is a dictionary of ${type.kind}`;
}

function typeProblem({ type, children }: Field): string | undefined {
  switch (type.kind) {
    case "union":
    case "run_end_encoded":
      return `its type is ${type.kind}`;
    case "interval":
      return type.unit === "month_day_nano" ? "its type is interval[month_day_nano]" : undefined;
    case "fixed_size_binary":
      return type.byteWidth === 0 ? "its type is fixed_size_binary of 0 bytes" : undefined;
    case "struct":
      return children.length === 0 ? "its type is a struct without fields" : undefined;
    default:
      return undefined;
  }
}
