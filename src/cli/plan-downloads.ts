import { join } from "node:path";
import { isDatasetName } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import { assertDistinct } from "./assert-distinct.ts";
import { extensionOf } from "./formats.ts";
import type { RowFormat } from "./row-formats.ts";

/** A dataset, and the file for it. */
export interface PlannedFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Returns a file below a folder for each dataset. The folders in the names of datasets become folders.
 *
 * @throws FlightError INVALID_ARGUMENT if a name cannot be a path; UsageError if two datasets would become one file
 */
export function planDownloads(names: readonly string[], folder: string, format: RowFormat): PlannedFile[] {
  const files = names.map((name) => ({ name, path: join(folder, toFileName(name, format)) }));
  assertDistinct(files.map(({ name, path }) => ({ from: name, to: path })));
  return files;
}

/**
 * Returns the relative path of the file for a dataset. Another server could name a dataset `../.profile`, so names have
 * to follow the rules of Hangar's names.
 */
export function toFileName(name: string, format: RowFormat): string {
  if (!isDatasetName(name.normalize("NFC"))) {
    throw new FlightError("invalid_argument", `${JSON.stringify(name)} cannot be the name of a file`);
  }
  return name.replace(/\.parquet$/, "") + extensionOf(format);
}
