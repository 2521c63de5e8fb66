import { useEffect, useRef } from "react";
import type { FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { reload } from "./connection.ts";

/** How long an error that another version of the dataset explains is shown before it is looked for, in milliseconds. */
const replacedRestMs = 400;

/**
 * Has everything loaded again where an error says that the dataset is not what it was; once for what is known of it, as
 * the same answer again means something else.
 */
export function useReloadOf(error: FlightError | undefined, dataset: DatasetDescription): void {
  const { name, changedMs, byteLength, rowCount } = dataset;
  const version = JSON.stringify([name, changedMs, byteLength, rowCount]);
  const lookedFor = useRef<string>(undefined);
  useEffect(() => {
    if (error?.code !== "failed_precondition" && error?.code !== "not_found") return undefined;
    if (lookedFor.current === version) return undefined;
    const timer = setTimeout(() => {
      lookedFor.current = version;
      reload();
    }, replacedRestMs);
    return () => clearTimeout(timer);
  }, [error, version]);
}
