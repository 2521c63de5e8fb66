import { FlightError, shorten } from "../flight/index.ts";
import type { FilterOperator } from "./operators.ts";

/** A value that a condition compares with, as it was written. Its type is the column's, which is not known yet. */
export interface Literal {
  readonly kind: "number" | "string" | "boolean";
  readonly text: string;
  /** The position in the filter, for messages. */
  readonly place: string;
}

/** One condition of a filter, as it was written. */
export interface Condition {
  /** The name of the column, followed by the names of struct fields. */
  readonly path: readonly string[];
  readonly operator: FilterOperator;
  /** One for a comparison, at least one for `in` and `not in`, none for `is null` and `is not null`. */
  readonly values: readonly Literal[];
  /** The position in the filter, for messages. */
  readonly place: string;
}

/** The longest path in a message, in characters. */
const pathCharCountMax = 200;

/** Formats a path for messages. A long path is truncated. */
export function formatPath(path: readonly string[]): string {
  const text = path.map((name) => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)).join(".");
  return shorten(text, pathCharCountMax);
}

/** Creates the error for a filter, with the position of the mistake. */
export function refused(place: string, problem: string): FlightError {
  return new FlightError("invalid_argument", `the filter ${place}: ${problem}`);
}
