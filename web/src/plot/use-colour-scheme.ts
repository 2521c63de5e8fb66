import { useSyncExternalStore } from "react";

/** Changes whenever the page's colours do. */
export function useColourScheme(): string {
  return useSyncExternalStore(followColours, () => getComputedStyle(document.documentElement).backgroundColor);
}

function followColours(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", listener);
  };
}
