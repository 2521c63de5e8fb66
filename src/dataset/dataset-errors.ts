import { FlightError, quoteName } from "../flight/index.ts";
import { type DatasetName } from "./dataset-name.ts";

/** Creates the error ALREADY_EXISTS, for a put of mode `create` whose dataset exists. */
export function datasetExists(name: DatasetName): FlightError {
  return new FlightError("already_exists", `dataset ${quoteName(name)} already exists`, { dataset: name });
}

/** Creates the error NOT_FOUND, for a dataset that does not exist. */
export function missingDataset(name: DatasetName): FlightError {
  return new FlightError("not_found", `there is no dataset ${quoteName(name)}`, { dataset: name });
}
