import { FlightError, formatType, type Field, type Schema } from "../flight/index.ts";
import { isStoredPlain } from "./stored-schema.ts";

/** Types that a dictionary's values may have besides those that are stored without it: parquet-wasm has an encoder. */
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
  const problem = nameProblem(field) ?? (isStorable(field) ? undefined : `its type is ${formatType(field)}`);
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

/** Whether a field can be stored, as far as its own type goes; its children are looked at by themselves. */
function isStorable({ type, children, dictionary }: Field): boolean {
  if (dictionary && !dictionaryValueKinds.has(type.kind) && !isStoredPlain(type)) return false;
  switch (type.kind) {
    case "union":
    case "run_end_encoded":
      return false;
    case "interval":
      return type.unit !== "month_day_nano";
    case "fixed_size_binary":
      return type.byteWidth > 0;
    case "decimal":
      return type.scale >= 0 && type.scale <= type.precision;
    case "fixed_size_list":
      return type.listSize > 0;
    case "struct":
      return children.length > 0;
    default:
      return true;
  }
}
