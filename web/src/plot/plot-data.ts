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

/** A series of points. */
export interface Series {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Series that are told apart by colour; the values of all others are one. */
export const seriesMax = 6;

/** Columns that have a place on an axis. */
export function isPlottable({ type, dictionary }: Field): boolean {
  return !dictionary && ["int", "float", "decimal", "date", "time", "timestamp", "duration"].includes(type.kind);
}

/** Whether an axis is one of dates. */
export function isTime({ kind }: DataType): boolean {
  return kind === "timestamp" || kind === "date";
}

/** Collects points out of batches; rows with a null, or no finite number, have none. */
export class PointCollector {
  readonly #columns: { readonly x: string; readonly y: string; readonly colour: string | undefined };
  readonly #points = new Map<string, [number, number][]>();
  rowCount = 0;

  constructor(columns: { readonly x: string; readonly y: string; readonly colour: string | undefined }) {
    this.#columns = columns;
  }

  add({ columns, dictionaries, rowCount }: Batch): void {
    const find = (name: string): ArrayView => columns.find(({ field }) => field.name === name)!;
    const [x, y] = [readNumbers(find(this.#columns.x)), readNumbers(find(this.#columns.y))];
    const group = this.#columns.colour === undefined ? () => "" : textCells(find(this.#columns.colour), dictionaries);
    for (let i = 0; i < rowCount; i++) {
      const point: [number, number] = [x(i), y(i)];
      if (Number.isFinite(point[0]) && Number.isFinite(point[1])) this.#push(group(i) ?? "null", point);
    }
    this.rowCount += rowCount;
  }

  /** The series, the largest first; beyond `seriesMax` all values are one. */
  series(): readonly Series[] {
    const ranked = [...this.#points].sort(([, a], [, b]) => b.length - a.length);
    const others = ranked.slice(seriesMax).flatMap(([, points]) => points);
    const shown = ranked.slice(0, seriesMax);
    if (others.length > 0) shown.push(["others", others]);
    return shown.map(([label, points]) => ({ label, x: points.map(([x]) => x), y: points.map(([, y]) => y) }));
  }

  #push(group: string, point: [number, number]): void {
    const points = this.#points.get(group);
    if (points) points.push(point);
    else this.#points.set(group, [point]);
  }
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
