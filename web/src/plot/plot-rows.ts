import type { Batch } from "../api/read-selection.ts";
import { createRandom } from "../api/random.ts";
import { ChannelReader, type Channel } from "./channel.ts";
import type { PlotField } from "./plot-field.ts";
import type { ReadZoom } from "./read-zoom.ts";
import type { Zoom } from "./zoom.ts";

/** Which columns are read; those that a chart does not need are undefined. */
export interface PlotFields {
  readonly x: PlotField;
  readonly y: PlotField | undefined;
  readonly colour: PlotField | undefined;
}

/** Rows that have a place in a plot, by the columns that it needs. */
export interface PlotRows {
  readonly count: number;
  readonly x: Channel;
  readonly y: Channel | undefined;
  readonly colour: Channel | undefined;
  /** Rows that have been read. */
  readonly readCount: number;
  /** Rows of these with a null, or without a finite number, where the plot needs one. */
  readonly missingCount: number;
}

/** Reads the rows of a plot, batch by batch: 8 bytes for each number. */
export class PlotRowsReader {
  readonly #readers: ReadonlyMap<string, ChannelReader>;
  readonly #fields: PlotFields;
  readCount = 0;

  constructor(fields: PlotFields, rowCount: number) {
    this.#fields = fields;
    const { x, y, colour } = fields;
    const named = [x, y, colour].filter((field) => field !== undefined);
    this.#readers = new Map(named.map((field) => [field.name, new ChannelReader(field, rowCount)]));
  }

  /** The names of the columns. */
  get columns(): readonly string[] {
    return [...this.#readers.keys()];
  }

  add({ columns, dictionaries, rowCount }: Batch): void {
    for (const column of columns) this.#readers.get(column.field.name)?.add(column, dictionaries, rowCount);
    this.readCount += rowCount;
  }

  /** The rows that have a place within a zoom. */
  rows(zoom: ReadZoom): PlotRows {
    const channelOf = (field: PlotField | undefined): Channel | undefined =>
      field && this.#readers.get(field.name)!.channel;
    const [x, y, colour] = [channelOf(this.#fields.x)!, channelOf(this.#fields.y), channelOf(this.#fields.colour)];
    const numbers = [x, y, colour].filter((channel) => channel !== undefined && channel.labels === undefined);
    const isMissing = (row: number): boolean => !numbers.every((channel) => Number.isFinite(channel!.values[row]));
    const { readCount } = this;
    let missingCount = 0;
    for (let row = 0; row < readCount; row++) if (isMissing(row)) missingCount += 1;
    const read = { count: readCount, x, y, colour, readCount, missingCount };
    return keepRows(read, (row) => !isMissing(row) && isWithin(read, zoom, row));
  }
}

/** Those of the rows that have a place within a zoom. */
export function cropRows(rows: PlotRows, zoom: Zoom): PlotRows {
  return keepRows(rows, (row) => isWithin(rows, { ...zoom, isEndOpen: false }, row));
}

function keepRows(rows: PlotRows, isKept: (row: number) => boolean): PlotRows {
  let count = 0;
  for (let row = 0; row < rows.count; row++) if (isKept(row)) count += 1;
  if (count === rows.count) return rows;
  const take = <C extends Channel | undefined>(channel: C): C => {
    if (channel === undefined) return channel;
    const values = channel.values.slice(0, count);
    for (let row = 0, i = 0; row < rows.count; row++) if (isKept(row)) values[i++] = channel.values[row]!;
    return { ...channel, values };
  };
  return { ...rows, count, x: take(rows.x), y: take(rows.y), colour: take(rows.colour) };
}

function isWithin({ x, y }: Pick<PlotRows, "x" | "y">, zoom: ReadZoom, row: number): boolean {
  return [[x, zoom.x] as const, [y, zoom.y] as const].every(([channel, range]) => {
    if (channel === undefined || range === undefined || channel.labels !== undefined) return true;
    const value = channel.values[row]!;
    return value >= range[0] && (zoom.isEndOpen ? value < range[1] : value <= range[1]);
  });
}

/** Rows that stand for all: at most so many, one at random in each of as many equal parts; the same ones every time; pure. */
export function sampleRows(count: number, sizeMax: number): Int32Array {
  if (count <= sizeMax) return Int32Array.from({ length: count }, (_, i) => i);
  const random = createRandom();
  return Int32Array.from({ length: sizeMax }, (_, i) => Math.floor(((i + random()) * count) / sizeMax));
}
