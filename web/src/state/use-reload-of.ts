import { useEffect } from "react";
import type { FlightError } from "hangar/flight";
import { reload } from "./connection.ts";

/** How long an error that another version of the dataset explains is shown before it is looked for, in milliseconds. */
const replacedRestMs = 400;

/** Has everything loaded again where an error says that the dataset is not what it was. */
export function useReloadOf(error: FlightError | undefined): void {
  useEffect(() => {
    if (error?.code !== "failed_precondition" && error?.code !== "not_found") return undefined;
    const timer = setTimeout(reload, replacedRestMs);
    return () => clearTimeout(timer);
  }, [error]);
}
