import type { ReactNode } from "react";
import type { FlightError } from "hangar/flight";
import "./message.css";

interface MessageProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** Whether there is nothing else on the page. */
  readonly isPage?: boolean;
  readonly role?: "alert";
}

/** Something to read in the place of what is not there. */
export function Message({ title, children, isPage = false, role }: MessageProps) {
  const Heading = isPage ? "h1" : "h2";
  const Box = isPage ? "main" : "div";
  return (
    <Box className="message-box">
      <div className="message" role={role}>
        <Heading {...(isPage && { tabIndex: -1 })}>{title}</Heading>
        {children}
      </div>
    </Box>
  );
}

interface FailureProps {
  /** What was to be done. */
  readonly what: string;
  readonly error: FlightError;
  readonly isPage?: boolean;
  readonly retry?: (() => void) | undefined;
}

/** What went wrong: what was to be done, and the server's own words. */
export function Failure({ what, error, isPage, retry }: FailureProps) {
  return (
    <Message title={what} role="alert" {...(isPage && { isPage })}>
      <p>
        {error.message} <span className="code">{error.code.toUpperCase()}</span>
      </p>
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </Message>
  );
}

/** Says that something is on its way; only after a moment, so that nothing flickers. */
export function Loading({ what, isPage = false }: { readonly what: string; readonly isPage?: boolean }) {
  const Box = isPage ? "main" : "div";
  return (
    <Box className="message-box">
      {isPage && <h1 className="unseen">Loading…</h1>}
      <p className="loading" role="status">
        Loading {what}…
      </p>
    </Box>
  );
}
