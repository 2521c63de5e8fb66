import { FlightError, shorten } from "../../flight/index.ts";

/** The maximum length of an origin in an error message, in characters: a host name and a port. */
const originCharCountMax = 280;

/**
 * Asserts that a request does not come from a page of another site. Such a page could otherwise use the credentials
 * that a browser sends automatically.
 *
 * @param origin - this server's address from the client's point of view
 * @throws FlightError PERMISSION_DENIED
 */
export type AssertOwnPage = (header: Headers, origin: URL) => void;

/**
 * Creates the check. A browser states in `Sec-Fetch-Site` whether the page has the same origin. If it does not (plain
 * HTTP, old browsers), `Origin` must have the host of this server. A client that sends neither header is not a browser.
 * Source: `CrossOriginProtection` of Go's net/http, and Filippo Valsorda, "Cross-Site Request Forgery" (2025).
 *
 * @param listed - other origins whose pages are allowed; `*` has no effect
 */
export function createOwnPageCheck(listed: readonly string[]): AssertOwnPage {
  const allowed = new Set(listed);
  return (header, origin) => {
    const from = header.get("origin");
    if (from !== null && allowed.has(from)) return;
    const site = header.get("sec-fetch-site");
    const isOwn =
      site === null
        ? from === null || URL.parse(from)?.host === origin.host
        : site === "same-origin" || site === "none";
    if (isOwn) return;
    const page = from === null ? "another site" : shorten(from, originCharCountMax);
    const words = `a page of ${page} may not act for the user of a browser here; its origin is not allowed by name`;
    throw new FlightError("permission_denied", words);
  };
}

/**
 * The credentials of a request that a browser may have sent automatically, for a page of any site: a `password` in
 * `Authorization`, or else a `session`, which is a cookie or a client certificate.
 */
export type AmbientCredentials = "none" | "password" | "session";

/**
 * Returns the ambient credentials of a request. A browser stores the password that a person has typed into its dialog,
 * for example for a reverse proxy. Only a script can send a bearer token, and it must know the token.
 */
export function ambientCredentialsOf(header: Headers, clientCertificate: unknown): AmbientCredentials {
  const authorization = header.get("authorization");
  if (authorization !== null) return /^bearer /i.test(authorization) ? "none" : "password";
  if (header.has("auth-token-bin")) return "none";
  return header.has("cookie") || clientCertificate !== undefined ? "session" : "none";
}

/**
 * Asserts that a request that changes something does not use ambient credentials for a page of another site.
 *
 * @throws FlightError PERMISSION_DENIED
 */
export type AssertNotForged = (header: Headers, origin: URL, clientCertificate: unknown) => void;

/**
 * Creates the check.
 *
 * @param listed - the origins whose pages are allowed. With `*`, every page may send a password that it knows. Browsers
 * do not add a stored password to such requests, because the response to the preflight does not allow credentials.
 */
export function createForgeryCheck(listed: readonly string[], assertOwnPage: AssertOwnPage): AssertNotForged {
  const isForAll = listed.includes("*");
  return (header, origin, clientCertificate) => {
    const ambient = ambientCredentialsOf(header, clientCertificate);
    if (ambient === "session" || (ambient === "password" && !isForAll)) assertOwnPage(header, origin);
  };
}
