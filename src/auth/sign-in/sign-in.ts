import type { Session } from "./sessions.ts";

/** The ways in which people can sign in. */
export interface SignInOptions {
  /** By name and password. */
  readonly password: boolean;
  /** By a bearer token. */
  readonly token: boolean;
  /** By an OpenID provider. */
  readonly provider: boolean;
}

/** A sign-in at a provider that has begun. */
export interface BegunSignIn {
  /** Where the browser goes: to the provider. */
  readonly location: URL;
  /** What the browser must bring back, sealed, for its cookie. */
  readonly flow: string;
}

/** A sign-in at a provider that has ended well. */
export interface EndedSignIn {
  /** The session of the person. */
  readonly session: Session;
  /** The path that the person wanted to see. */
  readonly returnTo: string;
}

/** Sign-in at an OpenID provider. */
export interface ProviderSignIn {
  /** Begins a sign-in. @throws FlightError UNAVAILABLE if the provider does not answer */
  begin(redirectUri: URL, returnTo: string): Promise<BegunSignIn>;
  /**
   * Ends a sign-in by the provider's answer.
   *
   * @param search - the query of the provider's redirect
   * @throws FlightError UNAUTHENTICATED; it has nothing of the answer
   */
  end(search: string, flow: string | undefined): Promise<EndedSignIn>;
}

/** Sign-in for people: credentials become a session, which a browser keeps in a cookie. */
export interface SignIn {
  /** Returns the ways in which people can sign in. */
  options(): SignInOptions;
  /**
   * Signs in by a name and a password.
   *
   * @param peer - the client's address
   * @throws FlightError UNAUTHENTICATED; RESOURCE_EXHAUSTED after too many failures
   */
  withPassword(username: string, password: string, peer: string): Promise<Session>;
  /** Signs in by a bearer token of any kind, in the same way. */
  withToken(token: string, peer: string): Promise<Session>;
  /** Returns the OpenID provider; undefined if there is none. */
  provider(): ProviderSignIn | undefined;
  /** Returns where a browser goes after a sign-out, so that its session at the provider ends too, and then to `returnTo`. */
  endSession(session: string, returnTo: URL): Promise<URL | undefined>;
}
