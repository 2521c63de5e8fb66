import { compareNames } from "../../dataset/index.ts";
import type { ListedFile, ListOptions } from "../storage.ts";
import { listedPageCountMax } from "./limits.ts";

/** Listed files in the order of their names; at least one. */
export type ListingPage = readonly ListedFile[];

/**
 * The datasets of a bucket at one time, in the order of the bytes of their names. A listing never changes: `with` and
 * `without` return another one, which shares all pages but one.
 */
export class Listing {
  /** Pages in order, each of at most `listedPageCountMax` files. */
  readonly pages: readonly ListingPage[];

  /** @param pages - in order; empty ones are omitted */
  constructor(pages: readonly ListingPage[] = []) {
    this.pages = pages.filter((page) => page.length > 0);
  }

  /** Returns the file of a name. */
  find(name: string): ListedFile | undefined {
    const page = this.pages[this.#pageOf(name)] ?? [];
    const file = page[firstFrom(page, name)];
    return file?.name === name ? file : undefined;
  }

  /** Returns a listing that also has a file, instead of another one of its name. */
  with(file: ListedFile): Listing {
    const index = Math.min(this.#pageOf(file.name), Math.max(0, this.pages.length - 1));
    const page = this.pages[index] ?? [];
    const at = firstFrom(page, file.name);
    return this.#withPage(index, page.toSpliced(at, page[at]?.name === file.name ? 1 : 0, file));
  }

  /** Returns a listing without a name. */
  without(name: string): Listing {
    if (this.find(name) === undefined) return this;
    const index = this.#pageOf(name);
    return this.#withPage(
      index,
      this.pages[index]!.filter((file) => file.name !== name),
    );
  }

  /** Yields the files that a listing asks for. */
  *from({ prefix = "", after }: ListOptions): Generator<ListedFile, void, undefined> {
    const start = compareNames(prefix, after) > 0 ? prefix : after;
    for (let index = this.#pageOf(start); index < this.pages.length; index++) {
      const page = this.pages[index]!;
      for (let at = firstFrom(page, start); at < page.length; at++) {
        const file = page[at]!;
        if (file.name === after) continue;
        // Names with a prefix follow each other.
        if (!file.name.startsWith(prefix)) return;
        yield file;
      }
    }
  }

  #withPage(index: number, page: ListingPage): Listing {
    const half = page.length >> 1;
    const parts = page.length > listedPageCountMax ? [page.slice(0, half), page.slice(half)] : [page];
    return new Listing(this.pages.toSpliced(index, 1, ...parts));
  }

  /** Returns the index of the page where a name is or would be: the first that does not end before it. */
  #pageOf(name: string): number {
    return lowerBound(this.pages.length, (index) => compareNames(this.pages[index]!.at(-1)!.name, name) < 0);
  }
}

/** Returns the index of the first file whose name is not before a name. */
function firstFrom(page: ListingPage, name: string): number {
  return lowerBound(page.length, (index) => compareNames(page[index]!.name, name) < 0);
}

/** Returns the first index of `count` for which `isBefore` is false, by binary search. */
function lowerBound(count: number, isBefore: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
