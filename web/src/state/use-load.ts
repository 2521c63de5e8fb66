import { useEffect, useState } from "react";
import { FlightError, toFlightError } from "hangar/flight";
import { reportLost, useConnection } from "./store.ts";

/** How far something is that is being loaded. */
export type Loaded<T> =
  | { readonly status: "loading" }
  /** `isStale` while it is being loaded anew. */
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly error: FlightError };

/**
 * Loads something, anew whenever `key` changes or the server has come back; what is shown stays until then, unless
 * the key has changed. A load that nobody needs any more is aborted.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const { epoch } = useConnection();
  const [state, setState] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { status: "loading" } });
  useEffect(() => {
    const leaving = new AbortController();
    load(leaving.signal).then(
      (value) => leaving.signal.aborted || setState({ key, loaded: { status: "ready", value } }),
      (reason: unknown) =>
        leaving.signal.aborted || setState({ key, loaded: { status: "failed", error: take(reason) } }),
    );
    return () => leaving.abort();
    // The loader is what the key says.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, epoch]);
  return state.key === key ? state.loaded : { status: "loading" };
}

/** Gives an error to show; notes where it says that the server cannot be reached. */
export function take(reason: unknown): FlightError {
  const error = toFlightError(reason);
  if (error.code === "unavailable") reportLost();
  return error;
}
