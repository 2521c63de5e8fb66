import { FlightError, shorten } from "../../flight/index.ts";

/** The longest origin that an error repeats, in characters: a host name and a port. */
const originCharCountMax = 280;

/**
 * Asserts that a request does not come from a page of another site, so that it may act with credentials that a browser
 * adds by itself.
 *
 * @param origin - this server, as the client reached it
 * @throws FlightError PERMISSION_DENIED
 */
export type AssertOwnPage = (header: Headers, origin: URL) => void;

/**
 * Creates the check. A browser says in `Sec-Fetch-Site` whether a page is of the same origin. Where it does not (plain
 * HTTP, old browsers), `Origin` must have the host of this server. A client that sends neither is no browser.
 * Source: `CrossOriginProtection` of Go's net/http, and Filippo Valsorda, "Cross-Site Request Forgery" (2025).
 *
 * @param listed - origins whose pages may act too, by name; `*` allows nobody
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

/** Whether a request has only credentials that a browser adds by itself, for whatever page: a cookie, or a certificate. */
export function hasAmbientCredentials(header: Headers, clientCertificate: unknown): boolean {
  if (header.has("authorization") || header.has("auth-token-bin")) return false;
  return header.has("cookie") || clientCertificate !== undefined;
}
