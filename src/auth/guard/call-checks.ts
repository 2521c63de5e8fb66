import type { Action, FlightDescriptor, Ticket } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { compactActionType, isDatasetName, type DatasetName } from "../../dataset/index.ts";
import { dropDatasetAction, type CallContext } from "../../producer/index.ts";
import { rightsOfAction } from "./actions.ts";
import type { DatasetFinder } from "./find-dataset.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { allowRead, listingContext } from "./may-read.ts";

/** Asserts that callers may make calls of Flight. @throws FlightError as `Gatekeeper` */
export class CallChecks {
  readonly #gatekeeper: Gatekeeper;
  readonly #finder: DatasetFinder;
  readonly #readsFolders: boolean | undefined;

  /**
   * @param finder - finds the datasets in requests
   * @param readsFolders - as in the producer
   */
  constructor(gatekeeper: Gatekeeper, finder: DatasetFinder, readsFolders?: boolean) {
    this.#gatekeeper = gatekeeper;
    this.#finder = finder;
    this.#readsFolders = readsFolders;
  }

  /** Checks a call that describes a flight. Returns the context for the producer. */
  info(context: CallContext, descriptor: FlightDescriptor): CallContext | Promise<CallContext> {
    return this.#read(context, this.#finder.inDescriptor(descriptor));
  }

  /** Checks a call that reads a flight. Returns the context for the producer. */
  get(context: CallContext, { ticket }: Ticket): CallContext | Promise<CallContext> {
    return this.#read(context, this.#finder.inTicket(ticket));
  }

  /** Checks an action. Returns the context for the producer. */
  async act(context: CallContext, { type, body }: Action): Promise<CallContext> {
    // The producer lists the files, and asks for each of them.
    if (type === compactActionType && this.#readsFolders === true) return this.#changing(context);
    if (type !== dropDatasetAction.type) {
      for (const right of rightsOfAction(type)) await this.#gatekeeper.assertMay(context, right);
      return context;
    }
    const dataset = this.#finder.inDrop(body);
    if (dataset === undefined) await this.#gatekeeper.assertMay(context, "drop");
    else await this.#gatekeeper.assertMayDrop(context, dataset);
    return context;
  }

  /**
   * Checks a put whose producer may create or replace. An append needs the right for the folder's name, too: the producer
   * may ignore the mode.
   *
   * @param descriptor - undefined if it is not known
   */
  async put(context: CallContext, descriptor: FlightDescriptor | undefined): Promise<void> {
    await this.#gatekeeper.assertMay(context, "replace", descriptor && this.#finder.inPut(descriptor));
    const appended = descriptor && this.#finder.inAppend(descriptor, context.requestHeader);
    if (appended) await this.#gatekeeper.assertMay(context, "replace", appended);
  }

  /** Checks an exchange. The producer decides what it does, so it needs the rights to read and to replace. */
  async exchange(context: CallContext, descriptor: FlightDescriptor | undefined): Promise<void> {
    const dataset = descriptor && this.#finder.inPut(descriptor);
    await this.#gatekeeper.assertMayRead(context, dataset);
    await this.#gatekeeper.assertMay(context, "replace", dataset);
  }

  /** A caller who may read a dataset, and not change it, may know that it exists. */
  #changing(context: CallContext): CallContext {
    const gatekeeper = this.#gatekeeper;
    if (gatekeeper.isOpen) return context;
    const mayChange = async (name: string): Promise<boolean> => {
      const dataset = isDatasetName(name) ? name : undefined;
      return (await gatekeeper.may(context, "replace", dataset)) && (await gatekeeper.may(context, "drop", dataset));
    };
    return { ...listingContext(gatekeeper, context), mayChange };
  }

  #read(context: CallContext, dataset: DatasetName | undefined): CallContext | Promise<CallContext> {
    return allowRead(this.#gatekeeper, context, { dataset, readsFolders: this.#readsFolders });
  }
}
