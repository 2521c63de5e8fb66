import { type DatasetName } from "../dataset/index.ts";
import { FlightError, quoteName } from "../flight/index.ts";
import type { FileVersion, VersionIds } from "./storage.ts";

/** Asserts that a version meets the condition of a change. @throws FlightError FAILED_PRECONDITION */
export function assertVersion(name: DatasetName, version: FileVersion, ifVersion: VersionIds | undefined): void {
  if (ifVersion === undefined || ifVersion === "*" || ifVersion.includes(version.id)) return;
  throw new FlightError("failed_precondition", `dataset ${quoteName(name)} has another version now`, {
    dataset: name,
  });
}
