import { FlightError, quoteName } from "../flight/index.ts";
import { type DatasetName } from "./dataset-name.ts";

/**
 * Adds a dataset's name to the start of an error's message. An error is returned unchanged if it already names its
 * dataset, if the call was cancelled, or if it is not a FlightError.
 */
export function nameDatasetIn(reason: unknown, name: DatasetName): unknown {
  if (!(reason instanceof FlightError) || reason.code === "cancelled" || reason.dataset !== undefined) return reason;
  return new FlightError(reason.code, `dataset ${quoteName(name)}: ${reason.message}`, {
    cause: reason,
    dataset: name,
  });
}
