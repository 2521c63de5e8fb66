import { missingDataset, quoteName, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { Authorize, CallContext, Right } from "../../producer/index.ts";

/** Who calls, which method, and where to note what the call is about. */
export type Call = Pick<CallContext, "identity" | "method" | "note">;

const verbs: Readonly<Record<Right, string>> = {
  read: "read",
  write: "create",
  replace: "replace",
  drop: "drop",
  admin: "administer",
};

/** The one place where it is decided what a caller may do, and where it is noted what a call is about. */
export class Gatekeeper {
  /** Whether everybody may do everything. */
  readonly isOpen: boolean;
  readonly #authorize: Authorize;

  /** @param authorize - decides; left out, everybody may do everything */
  constructor(authorize?: Authorize) {
    this.isOpen = authorize === undefined;
    this.#authorize = authorize ?? (() => true);
  }

  /** @param dataset - undefined for what is of the server, or of data that has no dataset's name */
  async may({ identity, method }: Call, right: Right, dataset?: DatasetName): Promise<boolean> {
    return await this.#authorize(identity, { right, dataset, method });
  }

  /** @throws FlightError PERMISSION_DENIED; UNAUTHENTICATED where the caller has shown no credentials */
  async assertMay(call: Call, right: Right, dataset?: DatasetName): Promise<void> {
    call.note?.({ right, dataset });
    if (!(await this.may(call, right, dataset))) throw this.denied(call, right, dataset);
  }

  /**
   * Asserts that the caller may read a dataset, without looking whether it is there: one that may not be read and one that
   * is missing are the same to the caller.
   *
   * @throws FlightError NOT_FOUND, in the words for a dataset that is not there; without a dataset as `assertMay`
   */
  async assertMayRead(call: Call, dataset: DatasetName | undefined): Promise<void> {
    call.note?.({ right: "read", dataset });
    if (await this.may(call, "read", dataset)) return;
    throw dataset === undefined ? this.denied(call, "read") : missingDataset(dataset);
  }

  /** Asserts that the caller may drop a dataset. @throws FlightError as `assertMayRead` where it may not even be read */
  async assertMayDrop(call: Call, dataset: DatasetName): Promise<void> {
    call.note?.({ right: "drop", dataset });
    if (await this.may(call, "drop", dataset)) return;
    throw (await this.may(call, "read", dataset)) ? this.denied(call, "drop", dataset) : missingDataset(dataset);
  }

  /** The error for a caller that has not a right. */
  denied({ identity, method }: Call, right: Right, dataset?: DatasetName): FlightError {
    const what = dataset === undefined ? `call ${method}` : `${verbs[right]} dataset ${quoteName(dataset)}`;
    const options = dataset === undefined ? undefined : { dataset };
    if (identity.subject === "") {
      return new FlightError("unauthenticated", `you may not ${what} without credentials`, options);
    }
    return new FlightError("permission_denied", `you may not ${what}`, options);
  }
}
