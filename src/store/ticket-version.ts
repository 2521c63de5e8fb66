import type { DatasetTicket } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import type { FileVersion } from "../storage/index.ts";

/**
 * Asserts that a dataset is the version that a ticket is for.
 *
 * @throws FlightError FAILED_PRECONDITION
 */
export function assertTicketVersion({ version }: DatasetTicket, now: FileVersion): void {
  if (version === undefined || version === now.id) return;
  const words = "it was replaced after the ticket was created; get its FlightInfo again";
  throw new FlightError("failed_precondition", words);
}
