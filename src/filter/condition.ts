import { FlightError, shorten } from "../flight/index.ts";
import { type FilterOperator } from "../dataset/index.ts";

/** A value that a condition compares with, as it was written. Its type is the column's, which is not known yet. */
export interface Literal {
  readonly kind: "number" | "string" | "boolean";
  readonly text: string;
  /** Where it stands, for messages. */
  readonly place: string;
}

/** One condition of a filter, as it was written. */
export interface Condition {
  /** The column's name, then those of the fields of structs down to the one that is meant. */
  readonly path: readonly string[];
  readonly operator: FilterOperator;
  /** One for a comparison, at least one for `in` and `not in`, none for `is null` and `is not null`. */
  readonly values: readonly Literal[];
  /** Where it stands, for messages. */
  readonly place: string;
}

/** The longest path in a message, in characters. */
const pathCharCountMax = 200;

/** A path as it would be written in text, for messages: cut where it is long. */
export function formatPath(path: readonly string[]): string {
  const text = path.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)).join(".");
  return shorten(text, pathCharCountMax);
}

/** What is wrong with a filter, and where. */
export function refused(place: string, problem: string): FlightError {
  return new FlightError("invalid_argument", `the filter ${place}: ${problem}`);
}
