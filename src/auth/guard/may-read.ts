import { isDatasetName, isFolderPattern, type DatasetName } from "../../dataset/index.ts";
import type { CallContext } from "../../producer/index.ts";
import type { Gatekeeper } from "./gatekeeper.ts";

/** Creates the context of a call that lists datasets. It can decide which datasets the caller may read. */
export function listingContext(gatekeeper: Gatekeeper, context: CallContext): ListingContext {
  const mayRead = (name: string): Promise<boolean> =>
    gatekeeper.may(context, "read", isDatasetName(name) ? name : undefined);
  return { ...context, mayRead };
}

/** A context with a function that decides which datasets the caller may read. */
export interface ListingContext extends CallContext {
  readonly mayRead: (dataset: string) => Promise<boolean>;
}

/**
 * Asserts that a caller may read what a name stands for. Returns the context of the call for the producer.
 *
 * A pattern stands for the datasets that the caller may read. So it is not refused here: the context can decide on each of
 * them, as in a listing.
 *
 * @param readsFolders - whether the producer reads patterns
 * @throws FlightError as `Gatekeeper.assertMayRead`
 */
export function allowRead(
  gatekeeper: Gatekeeper,
  context: CallContext,
  {
    dataset,
    readsFolders,
  }: { readonly dataset: DatasetName | undefined; readonly readsFolders: boolean | "elsewhere" | undefined },
): CallContext | Promise<CallContext> {
  const isPattern = dataset !== undefined && isFolderPattern(dataset);
  // What another server would read for a pattern may be anything.
  const checked = isPattern && readsFolders === "elsewhere" ? undefined : dataset;
  if (gatekeeper.isOpen || (readsFolders === true && isPattern)) {
    context.note?.({ right: "read", dataset: checked });
    return gatekeeper.isOpen ? context : listingContext(gatekeeper, context);
  }
  return gatekeeper.assertMayRead(context, checked).then(() => context);
}
