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
 * Returns whether the only credentials are a cookie or a client certificate, which a browser sends automatically for
 * any page.
 */
export function hasAmbientCredentials(header: Headers, clientCertificate: unknown): boolean {
  if (header.has("authorization") || header.has("auth-token-bin")) return false;
  return header.has("cookie") || clientCertificate !== undefined;
}
