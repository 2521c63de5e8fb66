import type { Session } from "./sessions.ts";

/** The available ways to sign in. */
export interface SignInOptions {
  /** With a name and a password. */
  readonly password: boolean;
  /** With a bearer token. */
  readonly token: boolean;
  /** At an OpenID provider. */
  readonly provider: boolean;
}

/** A started sign-in at a provider. */
export interface BegunSignIn {
  /** The URL at the provider that the browser goes to. */
  readonly location: URL;
  /** The sealed state, for a cookie that the browser must bring back. */
  readonly flow: string;
}

/** A successful sign-in at a provider. */
export interface EndedSignIn {
  /** The session of the user. */
  readonly session: Session;
  /** The path that the user wanted to visit. */
  readonly returnTo: string;
}

/** Sign-in at an OpenID provider. */
export interface ProviderSignIn {
  /** Starts a sign-in. @throws FlightError UNAVAILABLE if the provider does not answer */
  begin(redirectUri: URL, returnTo: string): Promise<BegunSignIn>;
  /**
   * Completes a sign-in with the provider's response.
   *
   * @param search - the query of the provider's redirect
   * @throws FlightError UNAUTHENTICATED; the message contains no part of the response
   */
  end(search: string, flow: string | undefined): Promise<EndedSignIn>;
}

/** Sign-in for users: it exchanges credentials for a session, which a browser stores in a cookie. */
export interface SignIn {
  /** Returns the available ways to sign in. */
  options(): SignInOptions;
  /**
   * Signs in with a name and a password.
   *
   * @param peer - the client's address
   * @throws FlightError UNAUTHENTICATED; RESOURCE_EXHAUSTED after too many failures
   */
  withPassword(username: string, password: string, peer: string): Promise<Session>;
  /** Signs in with a bearer token of any kind, with the same errors. */
  withToken(token: string, peer: string): Promise<Session>;
  /** Returns the OpenID provider; undefined if there is none. */
  provider(): ProviderSignIn | undefined;
  /**
   * Returns the URL for a browser after a sign-out: it also ends the session at the provider, and then redirects to
   * `returnTo`.
   */
  endSession(session: string, returnTo: URL): Promise<URL | undefined>;
}
