import { useEffect } from "react";
import { reloadSoon } from "./connection.ts";

/** Has everything loaded again whenever somebody comes back to the page: from another tab, or from another window. */
export function useReloadOnReturn(): void {
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const look = (): void => void (document.visibilityState === "visible" && reloadSoon());
    document.addEventListener("visibilitychange", look, { signal });
    addEventListener("focus", look, { signal });
    return () => leaving.abort();
  }, []);
}
