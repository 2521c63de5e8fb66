import { join } from "node:path";
import type { ClientCall } from "../client-call.ts";
import { assertDistinct } from "../assert-distinct.ts";
import { UsageError } from "../exit-code.ts";
import { toFileName } from "../plan-downloads.ts";
import type { CopyEnd, ExpandedSource, SourceItem } from "./expand-source.ts";
import type { Place } from "./place.ts";

/** A dataset or a file, and its destination. */
export interface Copy {
  readonly from: CopyEnd;
  readonly to: CopyEnd;
}

/** The destination of all sources. */
export interface Destination {
  readonly place: Place;
  /** Whether it is a folder of this machine that exists. */
  readonly isLocalFolder: boolean;
}

/**
 * Returns the copies from sources to a destination. In a folder, each item keeps its relative name.
 *
 * @throws UsageError if several items have one destination, or if a copy is within this machine; FlightError
 * INVALID_ARGUMENT if a name cannot be a path
 */
export function planCopies(
  sources: readonly ExpandedSource[],
  { place, isLocalFolder }: Destination,
  callOf: (server: string | undefined) => ClientCall,
): Copy[] {
  const isFolder = isLocalFolder || (place.kind === "local" ? place.path : `/${place.name}`).endsWith("/");
  if (!isFolder && (sources.length > 1 || sources.some(({ isMany }) => isMany))) {
    throw new UsageError("several items need a folder as their destination: end it with /");
  }
  const copies = sources
    .flatMap(({ items }) => items)
    .map((item) => ({ from: item.end, to: toDestination(item, place, isFolder, callOf) }));
  for (const copy of copies) assertCopy(copy);
  assertDistinct(copies.map(({ from, to }) => ({ from: from.shown, to: to.shown })));
  return copies;
}

function toDestination(
  { relativeName }: SourceItem,
  place: Place,
  isFolder: boolean,
  callOf: (server: string | undefined) => ClientCall,
): CopyEnd {
  if (place.kind === "local") {
    const path = isFolder ? join(place.path, toFileName(relativeName, "parquet")) : place.path;
    return { kind: "file", path, shown: path };
  }
  const name = isFolder ? place.name + relativeName : place.name;
  const shown = place.server === undefined ? name : `${place.server}/${name}`;
  return { kind: "dataset", call: callOf(place.server), name, shown };
}

function assertCopy({ from, to }: Copy): void {
  if (from.kind === "file" && to.kind === "file") {
    throw new UsageError(`${from.path} and ${to.path} are both local; a dataset has no ./ before its name`);
  }
  if (from.kind !== "dataset" || to.kind !== "dataset") return;
  if (from.call === to.call && from.name === to.name) throw new UsageError(`${from.shown} is its own destination`);
}
