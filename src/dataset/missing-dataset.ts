import { FlightError } from "../flight/index.ts";
import { quoteName, type DatasetName } from "./dataset-name.ts";

/** The error for a dataset that does not exist: NOT_FOUND. */
export function missingDataset(name: DatasetName): FlightError {
  return new FlightError("not_found", `there is no dataset ${quoteName(name)}`, { dataset: name });
}
