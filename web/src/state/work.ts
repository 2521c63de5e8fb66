import { createObserved, useObserved } from "./observed.ts";

/** How long something takes before the page says so, in milliseconds: what is done sooner needs no words. */
const shownAfterMs = 1000;

/** How often progress is shown, in milliseconds. */
const stepMs = 200;

/** Something that takes its time, and can be cancelled. */
export interface Work {
  /** What is done, such as `Sorting by fare`. */
  readonly what: string;
  /** From 0 to 1; undefined where it is not known. */
  readonly share: number | undefined;
  cancel(): void;
}

/** Tells about a piece of work that has been started. */
export interface WorkReport {
  /** @param share - from 0 to 1 */
  progress(share: number): void;
  /** The work has ended, however it has. */
  end(): void;
}

const works = createObserved<readonly Work[]>([]);

/** The work that has taken more than a second, in the order in which it was started. */
export function useWorks(): readonly Work[] {
  return useObserved(works);
}

/** Starts a piece of work. The page shows it with its progress and a button to cancel it if it takes more than a second. */
export function startWork(what: string, cancel: () => void): WorkReport {
  let shown: Work | undefined;
  let [share, toldMs]: [number | undefined, number] = [undefined, -Infinity];
  const show = (): void => {
    const others = works.get();
    const now: Work = { what, share, cancel };
    works.set(shown ? others.map((each) => (each === shown ? now : each)) : [...others, now]);
    shown = now;
  };
  const timer = setTimeout(show, shownAfterMs);
  return {
    progress(now) {
      share = Math.min(1, now);
      if (shown === undefined || performance.now() - toldMs < stepMs) return;
      toldMs = performance.now();
      show();
    },
    end() {
      clearTimeout(timer);
      if (shown) works.set(works.get().filter((each) => each !== shown));
    },
  };
}
