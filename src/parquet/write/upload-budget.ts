import { limitError } from "../../flight/index.ts";
import { UploadClaims } from "./upload-claims.ts";

/** A writer, from the budget's point of view. */
export interface BudgetHolder {
  /** The bytes that it has collected for an incomplete row group. */
  readonly collectedBytes: number;
  /**
   * Starts encoding the collected row group, even if it is incomplete. Never throws: the next write reports an error.
   */
  flush(): void;
}

/** The part of the budget that may stay collected while other writers wait. The rest goes to the workers. */
const collectedShareMax = 0.5;

/**
 * The part of the budget that may be kept until a put ends. Together with the collected part, it is the whole budget.
 */
const keptShareMax = 0.5;

/** The bytes of one holder. */
interface Share {
  /** All of its bytes. */
  heldBytes: number;
  /** The part that stays until the holder ends. */
  keptBytes: number;
}

/**
 * The memory limit that all writers of a pool share. It counts a batch from its arrival until it is in the file.
 *
 * A writer that has a batch waits before it reads another one while the limit is exceeded. So each writer exceeds the
 * limit by at most one message. A slow client could keep its collected batches forever. So while a writer waits, the
 * largest collections are written as smaller row groups. Workers finish without a client, so no writer waits forever,
 * even if a single message exceeds the limit. Dictionaries stay until their put ends, so waiting would not help: beyond
 * their share, they are rejected.
 */
export class UploadBudget {
  readonly bytesMax: number;
  /**
   * The claims of incoming messages and expanded bodies. They wait for the other bytes, but these do not wait for them.
   */
  readonly claims: UploadClaims;
  readonly #holders = new Map<BudgetHolder, Share>();
  readonly #waiting = new Set<() => void>();
  readonly #onIdle: (passedBytes: number) => void;
  #passedBytes = 0;
  #heldBytes = 0;
  #keptBytes = 0;

  /**
   * @param onIdle - called when the last writer and the last claim have ended, with the bytes that were released since
   * the last call
   */
  constructor(bytesMax: number, onIdle: (passedBytes: number) => void = () => {}) {
    this.bytesMax = bytesMax;
    this.claims = new UploadClaims({
      bytesMax,
      heldBytes: () => this.#heldBytes,
      onRelease: (byteLength) => this.#pass(byteLength),
      relieve: (byteLength) => this.#relieve(bytesMax - this.#keptBytes - this.claims.claimedBytes - byteLength),
    });
    this.#onIdle = onIdle;
  }

  /** Whether there are no writers and no claims. */
  get isIdle(): boolean {
    return this.#holders.size === 0 && this.claims.claimedBytes === 0;
  }

  /** The number of bytes that are held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Adds to the bytes of a holder; a negative number removes some. */
  add(holder: BudgetHolder, byteLength: number): void {
    this.#shareOf(holder).heldBytes += byteLength;
    this.#heldBytes += byteLength;
    if (byteLength >= 0) return;
    this.#passedBytes -= byteLength;
    this.#wake();
    this.claims.wake();
  }

  /**
   * Sets the number of bytes that a holder keeps until it ends.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if all holders together would exceed the limit for kept bytes
   */
  keep(holder: BudgetHolder, byteLength: number): void {
    const share = this.#shareOf(holder);
    const more = byteLength - share.keptBytes;
    const keptBytesMax = this.bytesMax * keptShareMax;
    if (more > 0 && this.#keptBytes + more > keptBytesMax) {
      const message = `the dictionaries of all running puts would need more than ${keptBytesMax} bytes; send plain values`;
      throw limitError("upload-memory", message);
    }
    share.keptBytes = byteLength;
    this.#keptBytes += more;
    this.add(holder, more);
  }

  /** Removes a holder and all its bytes. */
  close(holder: BudgetHolder): void {
    const share = this.#holders.get(holder);
    if (share === undefined) return;
    this.#keptBytes -= share.keptBytes;
    this.add(holder, -share.heldBytes);
    this.#holders.delete(holder);
    this.#pass(0);
  }

  /**
   * Waits until the limit is not exceeded. All waiting writers continue together, in the order of their calls.
   *
   * @throws the signal's reason
   */
  async room(signal: AbortSignal): Promise<void> {
    if (this.#hasRoom()) return;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.delete(go);
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.add(go);
      // Other bytes, such as dictionaries and parts of uploads, may stay until a client goes on.
      this.#relieve(this.bytesMax - this.#heldBytes + this.#collectedBytes());
    });
  }

  #pass(byteLength: number): void {
    this.#passedBytes += byteLength;
    if (!this.isIdle) return;
    const passedBytes = this.#passedBytes;
    this.#passedBytes = 0;
    this.#onIdle(passedBytes);
  }

  #shareOf(holder: BudgetHolder): Share {
    const share = this.#holders.get(holder) ?? { heldBytes: 0, keptBytes: 0 };
    this.#holders.set(holder, share);
    return share;
  }

  #hasRoom(): boolean {
    return this.#heldBytes <= this.bytesMax;
  }

  #wake(): void {
    if (!this.#hasRoom()) return;
    for (const go of this.#waiting) {
      this.#waiting.delete(go);
      go();
    }
  }

  #collectedBytes(): number {
    return [...this.#holders.keys()].reduce((sum, holder) => sum + holder.collectedBytes, 0);
  }

  /** Flushes the largest collections until the rest is within its share of the limit, or within `collectedBytesMax`. */
  #relieve(collectedBytesMax = Infinity): void {
    const largestFirst = [...this.#holders.keys()].sort((a, b) => b.collectedBytes - a.collectedBytes);
    let collectedBytes = this.#collectedBytes();
    for (const holder of largestFirst) {
      if (collectedBytes <= Math.max(0, Math.min(collectedBytesMax, this.bytesMax * collectedShareMax))) return;
      collectedBytes -= holder.collectedBytes;
      holder.flush();
    }
  }
}
