import { readScalars, type ElementReader } from "./array-values.ts";
import type { ArrayView } from "./array-view.ts";
import { FlightError } from "../flight/index.ts";

/** The position of a value: a child of the array, and an element of that child. */
export interface ChildPlace {
  readonly child: number;
  readonly index: number;
}

/**
 * Returns a reader for the positions of the values of a union or run-end encoded array. Source: the Arrow columnar
 * format, "Union Layout" and "Run-End Encoded Layout".
 *
 * @throws FlightError INVALID_ARGUMENT if a position is outside of the children; the reader throws it too
 * @throws RangeError for an array of another storage
 */
export function readPlaces(array: ArrayView): ElementReader<ChildPlace> {
  switch (array.storage.kind) {
    case "sparse_union":
    case "dense_union":
      return readUnion(array, array.storage.typeIds);
    case "runs":
      return readRuns(array);
    default:
      throw new RangeError(`an array of ${array.storage.kind} storage holds its own values`);
  }
}

function readUnion(array: ArrayView, typeIds: readonly number[]): ElementReader<ChildPlace> {
  const { buffers, offset, length, children, storage } = array;
  const ids = new Int8Array(length);
  buffers[0]!.copyTo(new Uint8Array(ids.buffer), offset);
  const places = storage.kind === "dense_union" ? new Int32Array(length) : undefined;
  if (places) buffers[1]!.copyTo(new Uint8Array(places.buffer), 4 * offset);
  return (element) => {
    const child = typeIds.indexOf(ids[element]!);
    const index = places ? places[element]! : offset + element;
    if (child < 0 || index < 0 || index >= children[child]!.length) throw outside(array);
    return { child, index };
  };
}

function readRuns(array: ArrayView): ElementReader<ChildPlace> {
  const { children, offset } = array;
  const [ends, values] = children as readonly [ArrayView, ArrayView];
  const readEnd = readScalars(ends);
  const runEnds = Float64Array.from({ length: ends.length }, (_, run) => Number(readEnd(run)));
  return (element) => {
    // The first run that ends behind the element.
    let [low, high] = [0, runEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (runEnds[middle]! > offset + element) high = middle;
      else low = middle + 1;
    }
    if (low >= values.length) throw outside(array);
    return { child: 1, index: low };
  };
}

function outside({ field }: ArrayView): FlightError {
  return new FlightError("invalid_argument", `column ${field.name} has values outside of its children`);
}
