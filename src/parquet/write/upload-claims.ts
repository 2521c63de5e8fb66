import { FlightError, type MessageBudget, type MessageClaim } from "../../flight/index.ts";
import {
  claimTimeoutMs,
  largeClaimShareMax,
  smallMessageBytesMax,
  stalledBytesMin,
  stalledCheckMs,
  stalledTimeMs,
} from "../limits.ts";

/** What claims are of: messages of usual size, others, and bodies that are expanded, which wait for no client. */
type Lane = "small" | "large" | "expanded";

/** Which part of the budget the claims of a lane may take together, so that large ones leave room for the others. */
const shareMax: Readonly<Record<Lane, number>> = { small: 1, large: largeClaimShareMax, expanded: largeClaimShareMax };

interface Waiting {
  readonly byteLength: number;
  readonly sinceMs: number;
  readonly grant: (claim: Claim) => void;
  readonly refuse: (reason: unknown) => void;
}

/** What the budget knows that the claims are a part of. */
export interface ClaimsOptions {
  readonly bytesMax: number;
  /** What is held besides the claims, in bytes. */
  readonly heldBytes: () => number;
  /** Has as much written as makes room for so many bytes, where that can be. */
  readonly relieve: (byteLength: number) => void;
  /** Told of each claim that ends. */
  readonly onRelease: (byteLength: number) => void;
}

/**
 * Memory for messages that are under way, and for bodies that are expanded.
 *
 * A claim is of all bytes that are declared, and is there before any of them is read, so that nobody holds a part of a
 * message and waits for the rest. One claim of each lane is let in whatever else is claimed; the others wait for room, in
 * the order in which they came. What claims wait for ends by itself, or by a client that sends: a client that does not,
 * while others wait, loses its claim.
 */
export class UploadClaims implements MessageBudget {
  readonly #options: ClaimsOptions;
  readonly #waiting: Record<Lane, Waiting[]> = { small: [], large: [], expanded: [] };
  readonly #claims = new Set<Claim>();
  readonly #laneBytes: Record<Lane, number> = { small: 0, large: 0, expanded: 0 };
  #watching: NodeJS.Timeout | undefined;

  constructor(options: ClaimsOptions) {
    this.#options = options;
  }

  /** What is claimed, in bytes. */
  get claimedBytes(): number {
    return this.#laneBytes.small + this.#laneBytes.large + this.#laneBytes.expanded;
  }

  claim(byteLength: number): Promise<MessageClaim> {
    return this.#enter(byteLength <= smallMessageBytesMax ? "small" : "large", byteLength);
  }

  /** As `claim`, for a body that is about to be expanded. @throws the signal's reason */
  async expand(byteLength: number, signal: AbortSignal): Promise<Pick<MessageClaim, "release">> {
    signal.throwIfAborted();
    return await this.#enter("expanded", byteLength, signal);
  }

  /** Lets in those for whom there is room. */
  wake(): void {
    for (const lane of lanes) {
      const waiting = this.#waiting[lane];
      while (waiting.length > 0 && this.#hasRoom(lane, waiting[0]!.byteLength)) {
        const { byteLength, grant } = waiting.shift()!;
        grant(this.#add(lane, byteLength));
      }
    }
    this.#watch();
  }

  #enter(lane: Lane, byteLength: number, signal?: AbortSignal): Promise<Claim> {
    if (this.#waiting[lane].length === 0 && this.#hasRoom(lane, byteLength)) {
      return Promise.resolve(this.#add(lane, byteLength));
    }
    const { promise, resolve, reject } = Promise.withResolvers<Claim>();
    const waiting = { byteLength, sinceMs: performance.now(), grant: resolve, refuse: reject };
    const leave = (): void => this.#refuse(lane, waiting, signal?.reason);
    signal?.addEventListener("abort", leave, { once: true });
    this.#waiting[lane].push(waiting);
    this.#options.relieve(byteLength);
    this.#watch();
    return promise.finally(() => signal?.removeEventListener("abort", leave));
  }

  #hasRoom(lane: Lane, byteLength: number): boolean {
    const { bytesMax, heldBytes } = this.#options;
    const laneBytes = this.#laneBytes[lane];
    if (laneBytes === 0 && heldBytes() <= bytesMax) return true;
    const isInShare = laneBytes + byteLength <= bytesMax * shareMax[lane];
    return isInShare && heldBytes() + this.claimedBytes + byteLength <= bytesMax;
  }

  #add(lane: Lane, byteLength: number): Claim {
    const claim: Claim = new Claim(byteLength, lane === "expanded", () => {
      this.#claims.delete(claim);
      this.#laneBytes[lane] -= byteLength;
      this.#options.onRelease(byteLength);
      this.wake();
    });
    this.#claims.add(claim);
    this.#laneBytes[lane] += byteLength;
    return claim;
  }

  #refuse(lane: Lane, waiting: Waiting, reason: unknown): void {
    this.#waiting[lane].splice(this.#waiting[lane].indexOf(waiting), 1);
    waiting.refuse(reason);
    this.wake();
  }

  /** Looks after those who wait, as long as there are any. */
  #watch(): void {
    const isNeeded = lanes.some((lane) => this.#waiting[lane].length > 0);
    if (!isNeeded) {
      clearInterval(this.#watching);
      this.#watching = undefined;
    } else {
      this.#watching ??= setInterval(() => this.#look(performance.now()), stalledCheckMs).unref();
    }
  }

  #look(nowMs: number): void {
    for (const claim of this.#claims) claim.revokeIfStalled(nowMs);
    for (const lane of ["small", "large"] as const) {
      for (const waiting of this.#waiting[lane].filter(({ sinceMs }) => nowMs - sinceMs > claimTimeoutMs)) {
        const words = "other puts use the memory for uploads; try again later, or send smaller record batches";
        this.#refuse(lane, waiting, new FlightError("resource_exhausted", words));
      }
    }
  }
}

const lanes = ["small", "large", "expanded"] as const;

class Claim implements MessageClaim {
  readonly revoked: Promise<never>;
  readonly #byteLength: number;
  readonly #onRelease: () => void;
  #revoke: (reason: FlightError) => void = () => {};
  #isComplete: boolean;
  #isReleased = false;
  #sinceMs = performance.now();
  #byteLengthSince = 0;

  constructor(byteLength: number, isComplete: boolean, onRelease: () => void) {
    this.#byteLength = byteLength;
    this.#isComplete = isComplete;
    this.#onRelease = onRelease;
    this.revoked = new Promise((_, reject) => (this.#revoke = reject));
    this.revoked.catch(() => {});
  }

  advance(byteLength: number): void {
    this.#byteLengthSince += byteLength;
  }

  complete(): void {
    this.#isComplete = true;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#isComplete = true;
    this.#onRelease();
  }

  /** Takes the claim away where too little of its message has come lately. */
  revokeIfStalled(nowMs: number): void {
    if (this.#isComplete || nowMs - this.#sinceMs < stalledTimeMs) return;
    if (this.#byteLengthSince < stalledBytesMin) {
      const words = `a message of ${this.#byteLength} bytes did not arrive while other puts waited for its memory`;
      this.#revoke(new FlightError("resource_exhausted", words));
      return this.release();
    }
    this.#sinceMs = nowMs;
    this.#byteLengthSince = 0;
  }
}
