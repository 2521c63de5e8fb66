import { lazy, type ComponentType, type ReactNode } from "react";
import { loadPart } from "../state/use-load.ts";

/** How often someone has asked to try again what failed. */
let againCount = 0;

/** Parts that could not be loaded are loaded again when they are drawn next. */
export function loadPartsAgain(): void {
  againCount += 1;
}

/** A component that is loaded when it is needed. */
export type LazyPart<Props extends object> = ComponentType<Props> & {
  /** Loads it before it is drawn, so that it does not suspend then. A failure shows when it is drawn. */
  preload(): Promise<void>;
};

/**
 * A component that is loaded when it is first drawn. While it loads, it suspends. If it cannot be loaded, it throws, until
 * someone tries again: React's own `lazy` would keep the failure for good.
 *
 * @param load - imports the component
 * @throws FlightError UNAVAILABLE where it does not come, because the server is gone, or has another version of the app
 */
export function lazyPart<Props extends object>(load: () => Promise<ComponentType<Props>>): LazyPart<Props> {
  let current = new Attempt(load);
  function LazyPart(props: Props): ReactNode {
    if (current.failedAt < againCount) current = new Attempt(load);
    // React shows what suspends 300 ms later at the earliest, even if it has been loaded by then.
    const Part = (current.loaded ?? current.Part) as ComponentType<Props>;
    return <Part {...props} />;
  }
  const preload = async (): Promise<void> => void (await current.load().catch(() => {}));
  return Object.assign(LazyPart, { preload });
}

/** A load of a part. */
class Attempt<Props extends object> {
  /** How often someone had asked to try again when it failed. */
  failedAt = Infinity;
  loaded: ComponentType<Props> | undefined;
  readonly Part = lazy(async () => ({ default: await this.load() }));
  readonly #import: () => Promise<ComponentType<Props>>;
  #loading: Promise<ComponentType<Props>> | undefined;

  constructor(importPart: () => Promise<ComponentType<Props>>) {
    this.#import = importPart;
  }

  load(): Promise<ComponentType<Props>> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<ComponentType<Props>> {
    try {
      this.loaded = await loadPart(this.#import());
      return this.loaded;
    } catch (reason) {
      this.failedAt = againCount;
      throw reason;
    }
  }
}
