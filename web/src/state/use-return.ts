import { useEffect } from "react";

/**
 * Does something whenever somebody comes back to the page: from another tab, or from another window. Both may be told
 * of one return.
 */
export function useReturn(onReturn: (signal: AbortSignal) => void, dependencies: readonly unknown[]): void {
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const look = (): void => void (document.visibilityState === "visible" && onReturn(signal));
    document.addEventListener("visibilitychange", look, { signal });
    addEventListener("focus", look, { signal });
    return () => leaving.abort();
    // What is done is what the dependencies say.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, dependencies);
}
