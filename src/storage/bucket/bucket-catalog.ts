import type { DatasetName } from "../../dataset/index.ts";
import type { LeftOutLog } from "../left-out-log.ts";
import type { ListedFile, ListOptions } from "../storage.ts";
import { listIntervalMs } from "./limits.ts";
import { listObjects } from "./list-objects.ts";
import { Listing } from "./listing.ts";
import type { Objects } from "./objects.ts";

/** Options of a catalog. */
export interface BucketCatalogOptions {
  /** Logs the objects whose keys cannot be names. */
  readonly leftOut: LeftOutLog;
  /** The time after which another server's put must be listed, in milliseconds. */
  readonly listedWithinMs: number;
}

/**
 * The names and versions of a bucket's datasets, in memory. Listings come from it. It requests the bucket's own listing
 * only when it is asked, and when what it has is too old. This server's own puts and drops are in it at once.
 */
export class BucketCatalog {
  readonly #objects: Objects;
  readonly #options: BucketCatalogOptions;
  #listing = new Listing();
  /** When the requests for the listing began, by `performance.now()`. */
  #startMs = -Infinity;
  /** How many requests the listing took. */
  #requestCount = 0;
  #refreshing: Promise<void> | undefined;
  /** Own changes since the running refresh began, which its answers may or may not have. */
  readonly #changes = new Map<DatasetName, ListedFile | undefined>();

  constructor(objects: Objects, options: BucketCatalogOptions) {
    this.#objects = objects;
    this.#options = options;
  }

  /** Lists datasets, in the order of their names. @throws FlightError UNAVAILABLE if the bucket does not answer */
  async *list(options: ListOptions): AsyncGenerator<ListedFile, void, undefined> {
    await this.#refreshIfOld();
    yield* this.#listing.from(options);
  }

  /** Returns whether a dataset exists, as far as this server has seen. */
  has(name: DatasetName): boolean {
    return this.#listing.find(name) !== undefined;
  }

  /** Notes a put of this server. */
  put(file: ListedFile): void {
    this.#listing = this.#listing.with(file);
    if (this.#refreshing) this.#changes.set(file.name, file);
  }

  /** Notes that a dataset no longer exists. */
  remove(name: DatasetName): void {
    this.#listing = this.#listing.without(name);
    if (this.#refreshing) this.#changes.set(name, undefined);
  }

  /** The least time between two refreshes. It bounds the requests of a large bucket. */
  get #intervalMs(): number {
    return Math.max(this.#options.listedWithinMs / 2, this.#requestCount * listIntervalMs);
  }

  /**
   * While listings are asked for, it is refreshed in the background. They wait for it only if what is in memory is older
   * than two intervals.
   */
  async #refreshIfOld(): Promise<void> {
    const askedMs = performance.now();
    // A refresh that runs may have begun too early.
    while (askedMs - this.#startMs > 2 * this.#intervalMs) await this.#refresh();
    if (askedMs - this.#startMs > this.#intervalMs) this.#refresh().catch(() => {});
  }

  #refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
      this.#changes.clear();
    });
    return this.#refreshing;
  }

  async #load(): Promise<void> {
    const startMs = performance.now();
    let listing = await listObjects(this.#objects, this.#listing, this.#options.leftOut);
    // Each request has given a page.
    this.#requestCount = listing.pages.length;
    for (const [name, file] of this.#changes) listing = file ? listing.with(file) : listing.without(name);
    this.#listing = listing;
    this.#startMs = startMs;
  }
}
