import { FlightError } from "../../flight/index.ts";
import { toKebabCase } from "./limit-counter.ts";
import type { ServerLimits } from "./server-limits.ts";

/** Options of `Places`. */
export interface PlacesOptions {
  readonly limits: ServerLimits;
  /** The limit for all callers together; none by default. */
  readonly inAll?: keyof ServerLimits;
  readonly perCaller: keyof ServerLimits;
  /** The name of the counted resource in the plural, such as `open uploads`. */
  readonly what: string;
}

/** Counts a resource for each caller, and refuses to exceed the limits. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #countByCaller = new Map<string, number>();
  #count = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /** The number of taken places. */
  get count(): number {
    return this.#count;
  }

  /**
   * Takes a place.
   *
   * @returns a function that releases the place; only its first call has an effect
   * @throws FlightError RESOURCE_EXHAUSTED naming the limit
   */
  take(caller: string): () => void {
    const claim = this.claim(caller);
    claim.grow(1);
    return () => claim.release();
  }

  /** Starts a claim of a caller without any places. */
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
    const { limits, what } = this.#options;
    const limit = limits[name];
    if (count + amount <= limit) return;
    const key = toKebabCase(name);
    const message = `${who} ${count} ${what}, and at most ${limit} are allowed (${key})`;
    throw new FlightError("resource_exhausted", message, { limit: key });
  }

  #giveBack(caller: string, amount: number): void {
    this.#count -= amount;
    const count = (this.#countByCaller.get(caller) ?? 0) - amount;
    if (count <= 0) this.#countByCaller.delete(caller);
    else this.#countByCaller.set(caller, count);
  }
}

/** The places that one call holds. */
export interface Claim {
  /** Takes more places. @throws FlightError RESOURCE_EXHAUSTED naming the limit */
  grow(amount: number): void;
  /** Releases all places. Later calls of `grow` have no effect. */
  release(): void;
}

/** Returns the key of a caller: its identity, or its address if it is anonymous. */
export function callerOf(subject: string, peer: string): string {
  return subject === "" ? `address ${peer.replace(/:\d+$/, "")}` : `identity ${subject}`;
}
