import { readScalars, readValidity, type ArrayView } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";
import { hashText } from "../columns/value-hash.ts";
import { readNumbers } from "../columns/read-numbers.ts";
import { isPlottable, unitOf } from "./axis.ts";
import type { PlotField } from "./plot-field.ts";
import { zoneClock } from "./zone-clock.ts";

/** Different values that categories are told apart by; all others are one. */
const categoriesMax = 1000;

/** Characters of a category's label; categories are told apart by the whole value. */
const labelCharsMax = 60;

/** What is read of one column: numbers of an axis, or numbers of categories with their labels. */
export interface Channel {
  readonly field: PlotField;
  /** By the row; NaN where there is no number. */
  readonly values: Float64Array | Uint16Array;
  /** Of categories, by their number. */
  readonly labels: readonly string[] | undefined;
  /** The numbers of the category of nulls, and of the one of all values that have none of their own; -1 for none. */
  readonly nullCode: number;
  readonly othersCode: number;
}

/** Reads one column of a plot, batch by batch. */
export class ChannelReader {
  readonly #field: PlotField;
  readonly #isNumber: boolean;
  #values: Float64Array | Uint16Array;
  #length = 0;
  readonly #labels: string[] = [];
  readonly #codes = new Map<number, number>();
  #nullCode = -1;
  #othersCode = -1;

  constructor(field: PlotField, rowCount: number) {
    this.#field = field;
    this.#isNumber = isPlottable(field);
    this.#values = this.#isNumber ? new Float64Array(rowCount) : new Uint16Array(rowCount);
  }

  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void {
    this.#reserve(this.#length + rowCount);
    if (this.#isNumber) this.#addNumbers(array, rowCount);
    else this.#addCategories(array, dictionaries, rowCount);
    this.#length += rowCount;
  }

  get channel(): Channel {
    const values = this.#values.subarray(0, this.#length);
    return {
      field: this.#field,
      values,
      labels: this.#isNumber ? undefined : this.#labels,
      nullCode: this.#nullCode,
      othersCode: this.#othersCode,
    };
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const values = new (this.#isNumber ? Float64Array : Uint16Array)(Math.max(length, 2 * this.#values.length));
    values.set(this.#values);
    this.#values = values;
  }

  #addNumbers(array: ArrayView, rowCount: number): void {
    const unit = unitOf(this.#field.type);
    const isValid = readValidity(array);
    const numbers = readNumbers(array);
    const read = numbers ? (i: number) => numbers[i]! : readScalars(array);
    const clock = this.#field.zone === undefined ? undefined : zoneClock(this.#field.zone);
    for (let i = 0; i < rowCount; i++) {
      // A power of ten below one is not exact: what it divides by is.
      const stored = Number(read(i));
      const value = unit < 1 ? stored / Math.round(1 / unit) : stored * unit;
      this.#values[this.#length + i] = isValid(i) ? (clock ? clock.shownAt(value) : value) : NaN;
    }
  }

  #addCategories(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void {
    const read = textCells(array, dictionaries);
    for (let i = 0; i < rowCount; i++) this.#values[this.#length + i] = this.#codeOf(read(i));
  }

  #codeOf(text: string | null): number {
    if (text === null) return this.#nullCode < 0 ? (this.#nullCode = this.#label(nullLabel)) : this.#nullCode;
    const hash = hashText(text);
    const code = this.#codes.get(hash);
    if (code !== undefined) return code;
    if (this.#codes.size === categoriesMax) {
      return this.#othersCode < 0 ? (this.#othersCode = this.#label(othersLabel)) : this.#othersCode;
    }
    const fresh = this.#label(text === "" ? "(empty)" : cutLabel(text));
    this.#codes.set(hash, fresh);
    return fresh;
  }

  #label(label: string): number {
    return this.#labels.push(label) - 1;
  }
}

/** The labels of nulls, and of the categories that have none of their own. */
export const nullLabel = "(null)";
export const othersLabel = "(others)";

function cutLabel(text: string): string {
  if (text.length <= labelCharsMax) return text;
  // No character in halves.
  const isHalf = /[\uD800-\uDBFF]/.test(text[labelCharsMax - 1]!);
  return `${text.slice(0, isHalf ? labelCharsMax - 1 : labelCharsMax)}…`;
}
