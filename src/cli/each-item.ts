import { FlightError } from "../flight/index.ts";
import { PartialFailure, UsageError } from "./exit-code.ts";
import { explainConnection } from "./explain-connection.ts";
import { nameFlags } from "./name-flags.ts";
import { reportError } from "./report-error.ts";

/** How a command works on several items. */
export interface ItemWork<Item> {
  /** The noun for several items, such as `files`. */
  readonly what: string;
  /** Returns the name of an item for error messages. */
  readonly nameOf: (item: Item) => string;
  readonly signal: AbortSignal;
  readonly asJson: boolean;
}

/**
 * Works on items one after the other, also after an error. The message of an error names its item.
 *
 * @throws Error of the item if it is the only one, or if the signal aborts; otherwise PartialFailure, after each error
 * was reported
 */
export async function forEachItem<Item>(
  items: readonly Item[],
  { what, nameOf, signal, asJson }: ItemWork<Item>,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await run(item);
    } catch (reason) {
      const named = withName(nameFlags(explainConnection(reason)), nameOf(item));
      if (signal.aborted || items.length === 1) throw named;
      reportError(named, asJson);
      failures.push(named);
    }
  }
  if (failures.length > 0) throw new PartialFailure(failures, `${failures.length} of ${items.length} ${what} failed`);
}

function withName(reason: unknown, name: string): unknown {
  if (!(reason instanceof Error) || reason.message.includes(name)) return reason;
  const message = `${name}: ${reason.message}`;
  if (reason instanceof FlightError) return new FlightError(reason.code, message, { cause: reason });
  return reason instanceof UsageError
    ? new UsageError(message, { cause: reason })
    : new Error(message, { cause: reason });
}
