import type { Field } from "../arrow/index.ts";
import { bindFilter } from "./bind-filter.ts";
import { FilterError } from "./filter-error.ts";
import { parseFilter } from "./parse-filter.ts";

/** What is wrong with the text of a filter, and where. */
export interface FilterMistake {
  /** The whole message, with the position. */
  readonly message: string;
  /** The message without the position. */
  readonly problem: string;
  /** The first wrong character, from 0; undefined if the mistake is not at one place. */
  readonly start: number | undefined;
  /** The end of the wrong part, exclusive. */
  readonly end: number | undefined;
}

/**
 * Checks the text of a filter as a Hangar server does, without a request; undefined if it is right.
 *
 * @param columns - the fields of the dataset's schema
 */
export function checkFilter(filter: string, columns: readonly Field[]): FilterMistake | undefined {
  try {
    bindFilter(parseFilter(filter), columns);
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { message, problem, place } = error;
    return { message, problem, start: place.start, end: place.end };
  }
}
