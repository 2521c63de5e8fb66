import type { OidcSignIn } from "./oidc-sign-in.ts";
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

/** Sign-in for people: credentials become a session, which a browser keeps in a cookie. */
export interface SignIn {
  /** Returns the ways in which people can sign in. */
  options(): SignInOptions;
  /** @param peer - the client's address @throws FlightError UNAUTHENTICATED; RESOURCE_EXHAUSTED after too many failures */
  withPassword(username: string, password: string, peer: string): Promise<Session>;
  /** The same for a bearer token of any kind. */
  withToken(token: string, peer: string): Promise<Session>;
  /** Returns the OpenID provider; undefined if there is none. */
  provider(): Pick<OidcSignIn, "begin" | "end"> | undefined;
  /** Returns where a browser goes after a sign-out, so that its session at the provider ends too, and then to `returnTo`. */
  endSession(session: string, returnTo: URL): Promise<URL | undefined>;
}
