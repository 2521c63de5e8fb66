import { askToSignIn, leaveSession, useSession } from "../state/session.ts";

/** Who is signed in, with the way out; or the way in. */
export function SessionButtons() {
  const { subject, canSignIn, canSignOut, isAsked } = useSession();
  if (subject === "") {
    if (!canSignIn || isAsked) return null;
    return (
      <button type="button" className="quiet" onClick={() => askToSignIn(true)}>
        Sign in
      </button>
    );
  }
  return (
    <>
      <span className="caller" title={`Signed in as ${subject}`}>
        <span className="unseen">Signed in as </span>
        {subject}
      </span>
      {canSignOut && (
        <button type="button" className="quiet" onClick={() => void leaveSession()}>
          Sign out
        </button>
      )}
    </>
  );
}
