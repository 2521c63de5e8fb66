import { createObserved, useObserved } from "./observed.ts";
import { formatView, parseView, type View } from "./view.ts";

/** How long a view stays before it is written over the URL, in milliseconds: browsers limit how often that may be. */
const urlRestMs = 200;

/** What the page shows. It is in the URL, and nowhere else. */
const view = createObserved(parseView(location.search));
let urlTimer: ReturnType<typeof setTimeout> | undefined;

addEventListener("popstate", () => {
  clearTimeout(urlTimer);
  view.set(parseView(location.search));
});

/** What the page shows. */
export function useView(): View {
  return useObserved(view);
}

/** What the page shows by now. */
export function currentView(): View {
  return view.get();
}

/**
 * Changes what the page shows.
 *
 * @param options - `replace` leaves no way Back to the view before, for what changes with every key
 */
export function navigate(change: Partial<View>, options: { readonly replace?: boolean } = {}): void {
  const before = formatView(view.get());
  const next = { ...view.get(), ...change };
  clearTimeout(urlTimer);
  if (options.replace) urlTimer = setTimeout(() => writeUrl(next), urlRestMs);
  else if (formatView(next) !== before) {
    // What had not been written yet belongs to the view that Back leads to.
    history.replaceState(history.state, "", location.pathname + before);
    history.pushState(null, "", location.pathname + formatView(next));
  } else writeUrl(next);
  view.set(next);
}

function writeUrl(shown: View): void {
  history.replaceState(history.state, "", location.pathname + formatView(shown));
}

/** The view of a dataset, or of the list, from nothing: what was set for another dataset means nothing here. */
export function freshView(dataset: string | undefined): View {
  return { ...parseView(""), dataset };
}
