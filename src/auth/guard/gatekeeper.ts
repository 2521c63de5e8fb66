import { missingDataset, type DatasetName } from "../../dataset/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { Authorize, CallContext, Right } from "../../producer/index.ts";

/** The caller, the method, and a function that records the dataset and the right of the call. */
export type Call = Pick<CallContext, "identity" | "method" | "note">;

const allDatasets = ' for all datasets ("**")';

/** The scope of each right in calls without a dataset name. */
const scopes: Readonly<Record<Right, string>> = {
  read: allDatasets,
  write: allDatasets,
  replace: allDatasets,
  drop: allDatasets,
  admin: "",
};

/** Decides what a caller may do, and records the dataset and the right of a call. No other code does this. */
export class Gatekeeper {
  /** Whether every caller has all rights. */
  readonly isOpen: boolean;
  readonly #authorize: Authorize;

  /** @param authorize - decides; by default, every caller has all rights */
  constructor(authorize?: Authorize) {
    this.isOpen = authorize === undefined;
    this.#authorize = authorize ?? (() => true);
  }

  /**
   * Returns whether a caller has a right.
   *
   * @param dataset - undefined for calls about the server, or about data without a dataset name
   */
  async may({ identity, method }: Call, right: Right, dataset?: DatasetName): Promise<boolean> {
    return await this.#authorize(identity, { right, dataset, method });
  }

  /**
   * Asserts that a caller has a right.
   *
   * @throws FlightError PERMISSION_DENIED; UNAUTHENTICATED if the caller has no credentials
   */
  async assertMay(call: Call, right: Right, dataset?: DatasetName): Promise<void> {
    call.note?.({ right, dataset });
    if (!(await this.may(call, right, dataset))) throw this.denied(call, right, dataset);
  }

  /**
   * Asserts that the caller may read a dataset. Does not check whether it exists: for the caller, a dataset without
   * read permission does not exist.
   *
   * @throws FlightError NOT_FOUND, with the same message as for a missing dataset; without a dataset as `assertMay`
   */
  async assertMayRead(call: Call, dataset: DatasetName | undefined): Promise<void> {
    call.note?.({ right: "read", dataset });
    if (await this.may(call, "read", dataset)) return;
    throw dataset === undefined ? this.denied(call, "read") : missingDataset(dataset);
  }

  /**
   * Asserts that the caller may drop a dataset. @throws FlightError as `assertMayRead` if the caller may not read it
   */
  async assertMayDrop(call: Call, dataset: DatasetName): Promise<void> {
    call.note?.({ right: "drop", dataset });
    if (await this.may(call, "drop", dataset)) return;
    throw (await this.may(call, "read", dataset)) ? this.denied(call, "drop", dataset) : missingDataset(dataset);
  }

  /**
   * Returns the error for a caller without a right. It names the right.
   *
   * @param alternative - another right that would be enough, as the end of the message
   */
  denied({ identity, method }: Call, right: Right, dataset?: DatasetName, alternative = ""): FlightError {
    const needed = identity.subject === "" ? "credentials and the right" : "the right";
    const what = dataset === undefined ? `${scopes[right]} to call ${method}` : ` for dataset ${quoteName(dataset)}`;
    return new FlightError(
      identity.subject === "" ? "unauthenticated" : "permission_denied",
      `you need ${needed} "${right}"${what}${alternative}`,
      dataset === undefined ? undefined : { dataset },
    );
  }
}
