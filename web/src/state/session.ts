import { readCaller, signOut, type Caller } from "../api/sign-in.ts";
import { reload } from "./connection.ts";
import { createObserved, useObserved } from "./observed.ts";
import { say } from "./toast.ts";

/** Who is signed in, and whether the page asks somebody to. */
export interface Session extends Caller {
  readonly isAsked: boolean;
}

const session = createObserved<Session>({
  subject: "",
  canSignIn: false,
  canSignOut: false,
  // A sign-in at a provider that did not work leads back so.
  isAsked: location.hash.startsWith("#sign-in="),
});

/** Who is signed in. */
export function useSession(): Session {
  return useObserved(session);
}

/** Asks the server who calls. */
export async function loadSession(): Promise<void> {
  session.set({ ...session.get(), ...(await readCaller()) });
}

/** Shows the sign-in page, or hides it. The view that is asked for stays in the URL. */
export function askToSignIn(isAsked: boolean): void {
  if (session.get().isAsked !== isAsked) session.set({ ...session.get(), isAsked });
}

/** Shows what was asked for, after a sign-in. */
export async function goOnSignedIn(): Promise<void> {
  await loadSession();
  askToSignIn(false);
  reload();
}

/** Signs out, and loads what an anonymous caller may see. */
export async function leaveSession(): Promise<void> {
  try {
    const elsewhere = await signOut();
    if (elsewhere !== undefined) return location.assign(elsewhere);
  } catch (reason) {
    return say(`You are still signed in: ${reason instanceof Error ? reason.message : "try again"}`);
  }
  await loadSession();
  say("You are signed out");
  reload();
}
