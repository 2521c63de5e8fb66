import { useEffect, useState } from "react";
import { FlightError, toFlightError } from "hangar/flight";
import { reportLost, useConnection } from "./connection.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { askToSignIn } from "./session.ts";

/** How far something is that is being loaded. */
export type Loaded<T> =
  | { readonly status: "loading" }
  | { readonly status: "ready"; readonly value: T }
  | { readonly status: "failed"; readonly error: FlightError };

/**
 * Loads something, anew whenever `key` changes or the server has come back. What is shown stays until then, also while
 * the server cannot be reached, unless the key has changed. A load that nobody needs any more is aborted.
 *
 * @param isSame - whether what has been loaded anew says the same, so that what is shown stays the very same
 */
export function useLoad<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  isSame: (before: T, now: T) => boolean = () => false,
): Loaded<T> {
  const { epoch } = useConnection();
  const [state, setState] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { status: "loading" } });
  useEffect(() => {
    const leaving = new AbortController();
    const show = (loaded: Loaded<T>): void => {
      if (leaving.signal.aborted) return;
      setState((before) => {
        const shown = before.key === key && before.loaded.status === "ready" ? before.loaded : undefined;
        const isKept =
          shown !== undefined &&
          (loaded.status === "ready"
            ? isSame(shown.value, loaded.value)
            : loaded.status === "failed" && loaded.error.code === "unavailable");
        return isKept ? before : { key, loaded };
      });
    };
    load(leaving.signal).then(
      (value) => show({ status: "ready", value }),
      (reason: unknown) => leaving.signal.aborted || show({ status: "failed", error: take(reason) }),
    );
    return () => leaving.abort();
    // The loader is what the key says.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [key, epoch]);
  return state.key === key ? state.loaded : { status: "loading" };
}

/** Gives an error to show; notes if it says that the server cannot be reached, or that nobody is signed in. */
export function take(reason: unknown): FlightError {
  const error = explainRefusal(toFlightError(reason));
  if (error.code === "unavailable") reportLost();
  if (error.code === "unauthenticated") askToSignIn(true);
  return error;
}

/**
 * Loads a part of the app that comes when it is needed.
 *
 * @throws FlightError UNAVAILABLE where it does not come, because the server is gone, or has another version of the app
 */
export async function loadPart<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (reason) {
    throw new FlightError("unavailable", "a part of this page could not be loaded", { cause: reason });
  }
}
