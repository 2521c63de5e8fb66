import { FlightError } from "../flight/index.ts";
import { quoteName, type DatasetName } from "./dataset-name.ts";

/** The error for a dataset that exists although it is to be created: ALREADY_EXISTS. */
export function datasetExists(name: DatasetName): FlightError {
  return new FlightError("already_exists", `dataset ${quoteName(name)} is there already`, { dataset: name });
}

/** The error for a dataset that does not exist: NOT_FOUND. */
export function missingDataset(name: DatasetName): FlightError {
  return new FlightError("not_found", `there is no dataset ${quoteName(name)}`, { dataset: name });
}
