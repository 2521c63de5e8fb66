import { flight } from "./client.ts";
import type { DatasetDescription } from "./describe-dataset.ts";
import { fileUrl } from "./file-url.ts";

/** What can be done with a dataset besides looking at it. */
export interface DatasetActions {
  /** Whether the server has it as a file over HTTP. */
  readonly hasFile: boolean;
  /** Whether the server deletes datasets. */
  readonly hasDrop: boolean;
}

/** Asks the server what it does with datasets. A server that does not say what it does is taken to do nothing. */
export async function describeActions(
  { name, isStored }: Pick<DatasetDescription, "name" | "isStored">,
  signal: AbortSignal,
): Promise<DatasetActions> {
  if (!isStored) return { hasFile: false, hasDrop: await listsDrop(signal) };
  const response = await fetch(fileUrl(name), { method: "HEAD", signal }).catch(() => undefined);
  return { hasFile: response?.ok ?? false, hasDrop: true };
}

async function listsDrop(signal: AbortSignal): Promise<boolean> {
  try {
    for await (const { type } of flight.listActions({ signal })) if (type === "drop_dataset") return true;
  } catch {
    // Whatever the server says, it does not say that it drops datasets.
  }
  return false;
}
