import {
  readScalars,
  readValidity,
  type ArrayView,
  type DataType,
  type ElementReader,
  type Field,
} from "hangar/flight";
import { textCells, ticksPerSecond } from "hangar/rows";
import type { Batch } from "../api/read-selection.ts";
import { isMeasure } from "../table/sort-key.ts";

/** A series of points. */
export interface Series {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Series that are told apart by colour; the values of all others are one. */
export const seriesMax = 6;

/** Characters of a value that tell its series. */
const labelCharsMax = 40;

/** Columns that have a place on an axis. */
export function isPlottable({ type, dictionary }: Field): boolean {
  return !dictionary && isMeasure(type);
}

/** Whether an axis is one of dates. */
export function isTime({ kind }: DataType): boolean {
  return kind === "timestamp" || kind === "date";
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Which columns are drawn. */
export interface PlotColumns {
  readonly x: string;
  readonly y: string;
  readonly colour: string | undefined;
}

interface Point {
  readonly x: number;
  readonly y: number;
  /** Undefined where nothing tells points apart; null for a null. */
  readonly group: string | null | undefined;
}

/**
 * Draws rows at random out of batches, each of them as likely as any other, and as many as asked for at most; the same
 * ones every time. Source: Vitter, "Random Sampling with a Reservoir", algorithm R.
 */
export class PointSample {
  readonly #columns: PlotColumns;
  readonly #pointsMax: number;
  readonly #points: Point[] = [];
  readonly #random = createRandom();
  /** Rows that have been drawn from. */
  rowCount = 0;

  constructor(columns: PlotColumns, pointsMax: number) {
    this.#columns = columns;
    this.#pointsMax = pointsMax;
  }

  add({ columns, dictionaries, rowCount }: Batch): void {
    const { x, y, colour } = this.#columns;
    const find = (name: string): ArrayView => columns.find(({ field }) => field.name === name)!;
    const [readX, readY] = [readNumbers(find(x)), readNumbers(find(y))];
    const readGroup = colour === undefined ? () => undefined : textCells(find(colour), dictionaries);
    for (let i = 0; i < rowCount; i++) {
      const place = this.#place();
      if (place === undefined) continue;
      const group = readGroup(i);
      this.#points[place] = { x: readX(i), y: readY(i), group: group?.slice(0, labelCharsMax) ?? group };
    }
  }

  /** Rows that have been drawn, those without a point among them. */
  get drawnCount(): number {
    return this.#points.length;
  }

  /**
   * The series, in the order of their names; beyond the `seriesMax` largest all values are one. Rows with a null, or no
   * finite number, have no point.
   */
  series(): readonly Series[] {
    const groups = new Map<Point["group"], Point[]>();
    for (const point of this.#points) {
      if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) continue;
      const group = groups.get(point.group);
      if (group) group.push(point);
      else groups.set(point.group, [point]);
    }
    const ranked = [...groups].sort(([, a], [, b]) => b.length - a.length);
    const others = ranked.slice(seriesMax).flatMap(([, points]) => points);
    // In an order that does not change with how many there are of each, so that neither does a colour.
    const shown = ranked.slice(0, seriesMax).map(([group, points]) => toSeries(labelOf(group), points));
    shown.sort((a, b) => compare(a.label, b.label));
    return others.length > 0 ? [...shown, toSeries("(others)", others)] : shown;
  }

  /** Where the next row goes among the points; undefined where it is not drawn. */
  #place(): number | undefined {
    const row = this.rowCount++;
    if (row < this.#pointsMax) return row;
    const place = Math.floor(this.#random() * (row + 1));
    return place < this.#pointsMax ? place : undefined;
  }
}

/** What a group is called; what is no text of a value stands in brackets. */
function labelOf(group: Point["group"]): string {
  if (group === null) return "(null)";
  return group === "" ? "(empty)" : (group ?? "");
}

function toSeries(label: string, points: readonly Point[]): Series {
  return { label, x: points.map(({ x }) => x), y: points.map(({ y }) => y) };
}

/** Numbers from 0 (inclusive) to 1 (exclusive), the same ones every time. Source: Marsaglia, "Xorshift RNGs". */
function createRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * One array of x for all series, in order, and for each series an array of y, which has nothing at the others' points.
 * Points that have the same x stay as many as they are; pure.
 */
export function alignSeries(series: readonly Series[]): [number[], ...(number | null)[][]] {
  const points = series.flatMap(({ x, y }, of) => x.map((each, i) => ({ x: each, y: y[i]!, of })));
  points.sort((a, b) => a.x - b.x);
  return [
    points.map(({ x }) => x),
    ...series.map((_, of) => points.map((point) => (point.of === of ? point.y : null))),
  ];
}

/** Numbers to plot: of dates and timestamps, seconds since 1970; of a decimal, its value. A null is NaN. */
function readNumbers(array: ArrayView): ElementReader<number> {
  const isValid = readValidity(array);
  const read = readScalars(array);
  const scale = scaleOf(array.field.type);
  return (index) => (isValid(index) ? Number(read(index)) * scale : NaN);
}

function scaleOf(type: DataType): number {
  switch (type.kind) {
    case "decimal":
      return 10 ** -type.scale;
    case "timestamp":
    case "time":
    case "duration":
      return 1 / Number(ticksPerSecond[type.unit]);
    case "date":
      return type.unit === "day" ? 86_400 : 1 / 1000;
    default:
      return 1;
  }
}
