/** A mark of a chart that can be read: its place, and its values in words. */
export interface Reading {
  /** A number of the axis, or the label of a category. */
  readonly x: number | string;
  readonly y: number;
  /** A value a line. */
  readonly text: string;
}

/** Marks that Page Up and Page Down go. */
const pageSize = 10;

/** Readings in the order that keys walk them: along X, and upwards at the same X; pure. */
export function orderReadings(readings: readonly Reading[], labels: readonly string[] | undefined): readonly Reading[] {
  const places = new Map(labels?.map((label, i) => [label, i]));
  const placeOf = ({ x }: Reading): number => (typeof x === "number" ? x : (places.get(x) ?? 0));
  return readings.toSorted((a, b) => placeOf(a) - placeOf(b) || a.y - b.y);
}

/**
 * Where a key leads from a mark: right and left along X, to the mark at about the same height; up and down at the same X;
 * Home and End, Page Up and Page Down. Undefined for other keys; pure.
 *
 * @param readings - in the order of `orderReadings`
 */
export function walkMarks(readings: readonly Reading[], at: number, key: string): number | undefined {
  const last = readings.length - 1;
  const within = (index: number): number => Math.max(0, Math.min(last, index));
  switch (key) {
    case "Home":
      return 0;
    case "End":
      return last;
    case "PageDown":
      return within(at + pageSize);
    case "PageUp":
      return within(at - pageSize);
    case "ArrowRight":
      return beside(readings, at, 1);
    case "ArrowLeft":
      return beside(readings, at, -1);
    case "ArrowUp":
      return readings[at + 1]?.x === readings[at]!.x ? at + 1 : at;
    case "ArrowDown":
      return readings[at - 1]?.x === readings[at]!.x ? at - 1 : at;
    default:
      return undefined;
  }
}

/** The mark of the next X that is nearest in height; the same one at the end. */
function beside(readings: readonly Reading[], at: number, step: 1 | -1): number {
  const { x, y } = readings[at]!;
  let next = at;
  while (readings[next]?.x === x) next += step;
  const found = readings[next];
  if (found === undefined) return at;
  let nearest = next;
  for (let i = next; readings[i]?.x === found.x; i += step) {
    if (Math.abs(readings[i]!.y - y) < Math.abs(readings[nearest]!.y - y)) nearest = i;
  }
  return nearest;
}

/** The mark that is nearest to a place along X, of which there is one at least; pure. */
export function nearestMark(readings: readonly Reading[], x: number | string): number {
  if (typeof x === "string")
    return Math.max(
      0,
      readings.findIndex((reading) => reading.x === x),
    );
  let nearest = 0;
  readings.forEach((reading, i) => {
    if (Math.abs(Number(reading.x) - x) < Math.abs(Number(readings[nearest]!.x) - x)) nearest = i;
  });
  return nearest;
}
