import { dropActionType } from "hangar/flight";
import { flight } from "./client.ts";
import { takesFiles } from "./takes-files.ts";

/** What can be done with a dataset besides looking at it. */
export interface DatasetActions {
  /** Whether the server has it as a file over HTTP. */
  readonly hasFile: boolean;
  /** Whether the server deletes datasets. */
  readonly hasDrop: boolean;
}

/** Asks the server what it does with datasets. A server that does not say what it does is taken to do nothing. */
export async function describeActions(signal: AbortSignal): Promise<DatasetActions> {
  const hasFile = await takesFiles(signal);
  return { hasFile, hasDrop: hasFile || (await listsDrop(signal)) };
}

async function listsDrop(signal: AbortSignal): Promise<boolean> {
  try {
    for await (const { type } of flight.listActions({ signal })) if (type === dropActionType) return true;
  } catch {
    // Whatever the server says, it does not say that it drops datasets.
  }
  return false;
}
