import { type DatasetName, type CommitMode } from "../../dataset/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { Call, Gatekeeper } from "./gatekeeper.ts";

/** A put with the caller's limits. */
export interface AllowedPut {
  /**
   * Whether the put must have the mode `create`, because the caller may not replace the dataset, or one that is created
   * meanwhile.
   */
  readonly isCreateOnly: boolean;
  /** Returns the error for the caller, given an error of the put. */
  explain(reason: unknown): Promise<unknown>;
}

/**
 * Decides on a put. Does not check whether the dataset exists: the commit does.
 *
 * @throws FlightError PERMISSION_DENIED if the caller may neither create nor replace the dataset
 */
export async function allowPut(
  gatekeeper: Gatekeeper,
  call: Call,
  { dataset, mode }: { readonly dataset: DatasetName; readonly mode: CommitMode },
): Promise<AllowedPut> {
  call.note?.({ right: mode === "create" ? "write" : "replace", dataset });
  const mayReplace = await gatekeeper.may(call, "replace", dataset);
  if (!mayReplace) await assertMayCreate(gatekeeper, call, { dataset, mode });
  return {
    isCreateOnly: !mayReplace,
    async explain(reason) {
      if (!(reason instanceof FlightError)) return reason;
      const isRefused = reason.code === "already_exists" && mode === "replace" && !mayReplace;
      if (isRefused) return gatekeeper.denied(call, "replace", dataset);
      // The error may name another, conflicting dataset.
      const isBlocked = reason.code === "failed_precondition" && !(await gatekeeper.may(call, "read"));
      if (!isBlocked) return reason;
      const words = `dataset ${quoteName(dataset)} cannot be put under this name, or has another version now`;
      return new FlightError("failed_precondition", words, { dataset });
    },
  };
}

/** A message about a dataset that the caller may not replace cannot say whether it exists. */
async function assertMayCreate(
  gatekeeper: Gatekeeper,
  call: Call,
  { dataset, mode }: { readonly dataset: DatasetName; readonly mode: CommitMode },
): Promise<void> {
  if (mode === "create") return await gatekeeper.assertMay(call, "write", dataset);
  call.note?.({ right: "write", dataset });
  if (await gatekeeper.may(call, "write", dataset)) return;
  throw gatekeeper.denied(call, "replace", dataset, ', or "write" if it is new');
}
