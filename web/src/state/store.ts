import { useSyncExternalStore } from "react";
import { formatView, parseView, type View } from "./view.ts";

/*
 * The one state of the page. The view lives in the URL, and nowhere else; what can be seen of it by nobody else (the
 * theme, whether the server answers) lives here. Everything is read by hooks and changed by functions.
 */

const listeners = new Set<() => void>();
let view = parseView(location.search);
let urlTimer: ReturnType<typeof setTimeout> | undefined;
let connection: Connection = { isLost: false, epoch: 0 };

/** Whether the server answers. */
export interface Connection {
  readonly isLost: boolean;
  /** Counts how often the server has come back; what failed meanwhile is loaded again when it changes. */
  readonly epoch: number;
}

addEventListener("popstate", () => {
  clearTimeout(urlTimer);
  view = parseView(location.search);
  notify();
});

/** What the page shows. */
export function useView(): View {
  return useSyncExternalStore(subscribe, () => view);
}

/** Whether the server answers. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

/**
 * Changes what the page shows.
 *
 * @param options - `replace` leaves no way Back to the view before, for what changes with every key
 */
export function navigate(change: Partial<View>, options: { readonly replace?: boolean } = {}): void {
  const before = formatView(view);
  view = { ...view, ...change };
  clearTimeout(urlTimer);
  if (options.replace) urlTimer = setTimeout(writeUrl, urlRestMs);
  else if (formatView(view) !== before) {
    // What had not been written yet belongs to the view that Back leads to.
    history.replaceState(null, "", location.pathname + before);
    history.pushState(null, "", location.pathname + formatView(view));
  }
  notify();
}

/** How long a view stays before it is written over the URL, in milliseconds: browsers limit how often that may be. */
const urlRestMs = 200;

function writeUrl(): void {
  history.replaceState(null, "", location.pathname + formatView(view));
}

/** The view of a dataset, or of the list, from nothing: what was set for another dataset means nothing here. */
export function freshView(dataset: string | undefined): View {
  return { ...parseView(""), dataset };
}

/** How long to wait before the server is asked again, in milliseconds. */
const retryMs = 1000;

/** Tells that the server could not be reached: it is asked again and again until it can be. */
export function reportLost(): void {
  if (connection.isLost) return;
  connection = { ...connection, isLost: true };
  notify();
  const ask = async (): Promise<void> => {
    const answer = await fetch("/", { method: "HEAD", cache: "no-store" }).catch(() => undefined);
    if (answer?.ok !== true) return void setTimeout(() => void ask(), retryMs);
    connection = { isLost: false, epoch: connection.epoch + 1 };
    notify();
  };
  setTimeout(() => void ask(), retryMs);
}

/** Has everything that is shown loaded again, after something has been changed on the server. */
export function reload(): void {
  connection = { ...connection, epoch: connection.epoch + 1 };
  notify();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}

let toast: string | undefined;
let toastTimer: ReturnType<typeof setTimeout> | undefined;

/** How long a short word stays, in milliseconds. */
const toastMs = 4000;

/** A short word on what has just been done; undefined when there is nothing to tell. */
export function useToast(): string | undefined {
  return useSyncExternalStore(subscribe, () => toast);
}

/** Says in a short word what has been done. */
export function say(text: string): void {
  toast = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    toast = undefined;
    notify();
  }, toastMs);
  notify();
}
