import { FlightError } from "../flight/index.ts";
import { quoteName, type DatasetName } from "./dataset-name.ts";

/**
 * Puts a dataset's name in front of an error's message. An error that names its dataset already, that says the
 * call was cancelled, or that is no FlightError is returned as it is.
 */
export function nameDatasetIn(reason: unknown, name: DatasetName): unknown {
  if (!(reason instanceof FlightError) || reason.code === "cancelled" || reason.dataset !== undefined) return reason;
  return new FlightError(reason.code, `dataset ${quoteName(name)}: ${reason.message}`, {
    cause: reason,
    dataset: name,
  });
}
