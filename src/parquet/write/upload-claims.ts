import { limitError, type FlightError, type MessageBudget, type MessageClaim } from "../../flight/index.ts";
import {
  claimTimeoutMs,
  largeClaimShareMax,
  smallMessageBytesMax,
  stalledBytesMin,
  stalledCheckMs,
  stalledTimeMs,
} from "./limits.ts";

/**
 * The kinds of claims: small messages, large messages, and bodies that are expanded. The last do not wait for a client.
 */
type Lane = "small" | "large" | "expanded";

/** The part of the budget for all claims of a lane. Large messages leave room for small ones. */
const shareMax: Readonly<Record<Lane, number>> = { small: 1, large: largeClaimShareMax, expanded: largeClaimShareMax };

interface Waiting {
  readonly byteLength: number;
  readonly sinceMs: number;
  readonly grant: (claim: Claim) => void;
  readonly refuse: (reason: unknown) => void;
}

/** The connection to the budget that includes the claims. */
export interface ClaimsOptions {
  readonly bytesMax: number;
  /** Returns the bytes that are held besides the claims. */
  readonly heldBytes: () => number;
  /** Flushes collected batches to make room for a number of bytes, if possible. */
  readonly relieve: (byteLength: number) => void;
  /** Called when a claim ends, with its bytes. */
  readonly onRelease: (byteLength: number) => void;
}

/**
 * Memory for incoming messages and for bodies that are expanded.
 *
 * A claim covers all declared bytes, before the first one is read, so that no client holds part of a message while it
 * waits for the rest. Each lane admits one claim regardless of the other claims. The others wait for room in order. The
 * admitted work ends by itself or when its client has sent everything. A client that stops sending while others wait
 * loses its claim.
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

  /** The number of claimed bytes. */
  get claimedBytes(): number {
    return this.#laneBytes.small + this.#laneBytes.large + this.#laneBytes.expanded;
  }

  claim(byteLength: number): Promise<MessageClaim> {
    return this.#enter(byteLength <= smallMessageBytesMax ? "small" : "large", byteLength);
  }

  /** Claims memory for a body that will be expanded. @throws the signal's reason */
  async expand(byteLength: number, signal: AbortSignal): Promise<Pick<MessageClaim, "release">> {
    signal.throwIfAborted();
    return await this.#enter("expanded", byteLength, signal);
  }

  /** Admits the waiting claims that have room. */
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

  /** Starts the regular check of claims while any of them waits; otherwise stops it. */
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
        this.#refuse(lane, waiting, limitError("upload-memory", words));
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

  /** Revokes the claim if too little of its message has arrived lately. */
  revokeIfStalled(nowMs: number): void {
    if (this.#isComplete || nowMs - this.#sinceMs < stalledTimeMs) return;
    if (this.#byteLengthSince < stalledBytesMin) {
      const words = `a message of ${this.#byteLength} bytes did not arrive while other puts waited for its memory`;
      this.#revoke(limitError("upload-memory", words));
      return this.release();
    }
    this.#sinceMs = nowMs;
    this.#byteLengthSince = 0;
  }
}
