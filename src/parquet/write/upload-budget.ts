import { FlightError } from "../../flight/index.ts";
import { UploadClaims } from "./upload-claims.ts";

/** A writer, as a budget sees it. */
export interface BudgetHolder {
  /** What it has collected for a row group that is not full yet, in bytes. */
  readonly collectedBytes: number;
  /** Has that encoded and written now, full or not. Throws nothing: what goes wrong is told by the next write. */
  flush(): void;
}

/** Which part of what may be held may stay collected while others wait for room: the rest goes to the workers. */
const collectedShareMax = 0.5;

/** Which part of what may be held may be kept until a put ends: with what may stay collected, no more than all. */
const keptShareMax = 0.5;

/** What a holder has, in bytes. */
interface Share {
  /** All of it. */
  heldBytes: number;
  /** What of it stays until the holder ends. */
  keptBytes: number;
}

/**
 * What all writers of a pool hold in memory: batches from when they have come to when they are in their file.
 *
 * A writer that has taken a batch waits, before it reads another, until no more is held than may be; so beyond
 * that each has one message at most. Collected batches could stay for as long as a slow client likes, so when
 * somebody waits, the largest collections are written as row groups that are smaller than usual. What goes to the
 * workers ends without any client: nobody waits for ever, also where one message alone is larger than the budget.
 * Dictionaries stay until their put ends, and waiting would not make them fewer: past their share they are refused.
 */
export class UploadBudget {
  readonly bytesMax: number;
  /** What messages under way and expanded bodies take: they wait for what is held besides, and it does not wait for them. */
  readonly claims: UploadClaims;
  readonly #holders = new Map<BudgetHolder, Share>();
  readonly #waiting = new Set<() => void>();
  readonly #onIdle: (passedBytes: number) => void;
  #passedBytes = 0;
  #heldBytes = 0;
  #keptBytes = 0;

  /** @param onIdle - called when the last writer and the last claim have ended, with what passed through since it last was */
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

  /** Whether there is neither a writer nor a claim. */
  get isIdle(): boolean {
    return this.#holders.size === 0 && this.claims.claimedBytes === 0;
  }

  /** What is held by now, in bytes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Notes that a holder has so many bytes more, or less where they are negative. */
  add(holder: BudgetHolder, byteLength: number): void {
    this.#shareOf(holder).heldBytes += byteLength;
    this.#heldBytes += byteLength;
    if (byteLength >= 0) return;
    this.#passedBytes -= byteLength;
    this.#wake();
    this.claims.wake();
  }

  /**
   * Notes how many bytes a holder keeps until it ends, instead of what it kept before.
   *
   * @throws FlightError RESOURCE_EXHAUSTED where all holders together would keep more than may be kept
   */
  keep(holder: BudgetHolder, byteLength: number): void {
    const share = this.#shareOf(holder);
    const more = byteLength - share.keptBytes;
    const keptBytesMax = this.bytesMax * keptShareMax;
    if (more > 0 && this.#keptBytes + more > keptBytesMax) {
      const message = `the dictionaries of all running puts would need more than ${keptBytesMax} bytes; send plain values`;
      throw new FlightError("resource_exhausted", message);
    }
    share.keptBytes = byteLength;
    this.#keptBytes += more;
    this.add(holder, more);
  }

  /** Notes that a holder has nothing any more. */
  close(holder: BudgetHolder): void {
    const share = this.#holders.get(holder);
    if (share === undefined) return;
    this.#keptBytes -= share.keptBytes;
    this.add(holder, -share.heldBytes);
    this.#holders.delete(holder);
    this.#pass(0);
  }

  /**
   * Waits until no more is held than may be. All who wait go on together, in the order they came, so that nobody
   * who comes later goes before.
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
      this.#relieve();
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

  /** Has the largest collections written, until those that stay are no more than may, or than so many bytes. */
  #relieve(collectedBytesMax = Infinity): void {
    const largestFirst = [...this.#holders.keys()].sort((a, b) => b.collectedBytes - a.collectedBytes);
    let collectedBytes = largestFirst.reduce((sum, holder) => sum + holder.collectedBytes, 0);
    for (const holder of largestFirst) {
      if (collectedBytes <= Math.max(0, Math.min(collectedBytesMax, this.bytesMax * collectedShareMax))) return;
      collectedBytes -= holder.collectedBytes;
      holder.flush();
    }
  }
}
