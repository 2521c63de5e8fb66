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
    const claim = this.claim(caller);
    claim.grow(1);
    return () => claim.release();
  }

  /** Begins a claim of a caller, which has no places yet. */
  claim(caller: string): Claim {
    let amount = 0;
    let isReleased = false;
    return {
      grow: (more) => {
        if (isReleased) return;
        this.#add(caller, more);
        amount += more;
      },
      release: () => {
        isReleased = true;
        this.#giveBack(caller, amount);
        amount = 0;
      },
    };
  }

  #add(caller: string, amount: number): void {
    const { inAll, perCaller } = this.#options;
    const count = this.#countByCaller.get(caller) ?? 0;
    this.#assertRoom(perCaller, { count, amount, who: "you have" });
    if (inAll !== undefined) this.#assertRoom(inAll, { count: this.#count, amount, who: "the server has" });
    this.#countByCaller.set(caller, count + amount);
    this.#count += amount;
  }

  #assertRoom(name: keyof ServerLimits, { count, amount, who }: { count: number; amount: number; who: string }): void {
    const { limits, what, onLimit } = this.#options;
    const limit = limits[name];
    if (count + amount <= limit) return;
    onLimit(name);
    const message = `${who} ${count} ${what}, and at most ${limit} are allowed (${toKebabCase(name)})`;
    throw new FlightError("resource_exhausted", message);
  }

  #giveBack(caller: string, amount: number): void {
    this.#count -= amount;
    const count = (this.#countByCaller.get(caller) ?? 0) - amount;
    if (count <= 0) this.#countByCaller.delete(caller);
    else this.#countByCaller.set(caller, count);
  }
}

/** What one call holds of something. */
export interface Claim {
  /** Takes more. @throws FlightError RESOURCE_EXHAUSTED where a limit is reached; it names the limit */
  grow(amount: number): void;
  /** Gives all of it back. What grows later takes nothing. */
  release(): void;
}

/** Who counts as one caller: an identity, or an address where nobody has said who calls. */
export function callerOf(subject: string, peer: string): string {
  return subject === "" ? `address ${peer.replace(/:\d+$/, "")}` : `identity ${subject}`;
}
