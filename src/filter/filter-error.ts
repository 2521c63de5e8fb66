import { FlightError } from "../flight/index.ts";

/** A part of a filter. */
export interface Place {
  /** The position, for messages: `at character 5`, or `in condition 2` for JSON. */
  readonly words: string;
  /** The first character, from 0; undefined for JSON. */
  readonly start?: number;
  /** The end, exclusive; undefined for JSON. */
  readonly end?: number;
}

/** The error for a wrong filter. On the wire it is a FlightError INVALID_ARGUMENT. */
export class FilterError extends FlightError {
  /** The position of the mistake. */
  readonly place: Place;
  /** The message without the position. */
  readonly problem: string;

  /** Its message starts with the position. */
  constructor(place: Place, problem: string) {
    super("invalid_argument", `the filter ${place.words}: ${problem}`);
    this.place = place;
    this.problem = problem;
  }
}

/** Returns the error for a filter, with the position of the mistake. */
export function refused(place: Place, problem: string): FilterError {
  return new FilterError(place, problem);
}
