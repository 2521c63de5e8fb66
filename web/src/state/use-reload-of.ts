import { useEffect, useRef } from "react";
import type { FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { reload } from "./connection.ts";

/**
 * Loads everything again if an error says that the dataset has been replaced or dropped. It does so once for each known
 * version, because the same error after a reload has another cause.
 *
 * @returns the error to show: undefined while the reload looks for another version
 */
export function useReloadOf(error: FlightError | undefined, dataset: DatasetDescription): FlightError | undefined {
  const { name, changedMs, byteLength, rowCount } = dataset;
  const version = JSON.stringify([name, changedMs, byteLength, rowCount]);
  const lookedFor = useRef<{ version: string; error: FlightError; dataset: DatasetDescription }>(undefined);
  const isReplaced = error?.code === "failed_precondition" || error?.code === "not_found";
  useEffect(() => {
    // The error of the version before may still be there when the next one has come.
    if (!isReplaced || lookedFor.current?.version === version || lookedFor.current?.error === error) return;
    lookedFor.current = { version, error, dataset };
    reload();
  }, [error, version]);
  const looked = lookedFor.current;
  // Several reads may fail before the dataset has been described again.
  const isDescribedAgain = looked?.version === version && looked.dataset !== dataset;
  const isShown = !isReplaced || (isDescribedAgain && looked.error !== error);
  return isShown ? error : undefined;
}
