import type { ReactNode } from "react";
import type { FlightError } from "hangar/flight";

/** Something to read in the place of what is not there. */
export function Message({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="message">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong: what was to be done, and the server's own words. */
export function Failure({
  what,
  error,
  retry,
}: {
  what: string;
  error: FlightError;
  retry?: (() => void) | undefined;
}) {
  return (
    <div className="message" role="alert">
      <h2>{what}</h2>
      <p>
        {error.message} <span className="code">{error.code.toUpperCase()}</span>
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Says that something is on its way; only after a moment, so that nothing flickers. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <p className="loading" role="status">
      Loading {what}…
    </p>
  );
}
