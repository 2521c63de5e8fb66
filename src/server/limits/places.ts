import { FlightError } from "../../flight/index.ts";
import type { OnLimit } from "./limit-counter.ts";
import { toKebabCase } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

/** How many there may be of something. */
export interface PlacesOptions {
  readonly limits: ServerLimits;
  /** The limit of all callers together; none where left out. */
  readonly inAll?: keyof ServerLimits;
  readonly perCaller: keyof ServerLimits;
  /** What is counted, in the plural, such as `open uploads`. */
  readonly what: string;
  readonly onLimit: OnLimit;
}

/** Counts how many each caller has of something, and refuses what is over the limits. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #countByCaller = new Map<string, number>();
  #count = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** How many are taken. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a place.
   *
   * @returns what gives the place back; only the first call counts
   * @throws FlightError RESOURCE_EXHAUSTED where a limit is reached; it names the limit
   */
  take(caller: string): () => void {
    const { inAll, perCaller } = this.#options;
    const count = this.#countByCaller.get(caller) ?? 0;
    this.#assertBelow(perCaller, count, "you have");
    if (inAll !== undefined) this.#assertBelow(inAll, this.#count, "the server has");
    this.#countByCaller.set(caller, count + 1);
    this.#count += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(caller);
      isTaken = false;
    };
  }

  #assertBelow(name: keyof ServerLimits, count: number, who: string): void {
    const { limits, what, onLimit } = this.#options;
    if (count < limits[name]) return;
    onLimit(name);
    throw new FlightError("resource_exhausted", `${who} ${count} ${what}, the most allowed (${toKebabCase(name)})`);
  }

  #giveBack(caller: string): void {
    this.#count -= 1;
    const count = (this.#countByCaller.get(caller) ?? 1) - 1;
    if (count === 0) this.#countByCaller.delete(caller);
    else this.#countByCaller.set(caller, count);
  }
}

/** Who counts as one caller: an identity, or an address where nobody has said who calls. */
export function callerOf(subject: string, peer: string): string {
  return subject === "" ? `address ${peer.replace(/:\d+$/, "")}` : `identity ${subject}`;
}
