import { isDatasetName } from "../../dataset/index.ts";
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
