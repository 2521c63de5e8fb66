/** A cookie of this server. */
export type CookieName = "hangar-session" | "hangar-sign-in";

/** What a cookie is set with. */
export interface CookieOptions {
  /** Whether the browser reaches this server by https. */
  readonly isSecure: boolean;
  /** The lifetime; 0 deletes the cookie. */
  readonly seconds: number;
}

/**
 * Returns a `Set-Cookie` header. Scripts cannot read the cookie, and requests of other sites do not bring it, except when a
 * link is followed. Under https, the prefix `__Host-` keeps other hosts of the domain from setting it.
 * Source: RFC 6265bis, section 4.1.3.
 */
export function formatCookie(name: CookieName, value: string, { isSecure, seconds }: CookieOptions): string {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${seconds}`, ...(isSecure ? ["Secure"] : [])];
  return [`${isSecure ? "__Host-" : ""}${name}=${value}`, ...attributes].join("; ");
}

/**
 * Reads a cookie of this server. Under https, only the name with the prefix counts, because anybody on the way to a site
 * without TLS can set the other one.
 *
 * @param isSecure - whether the request came by https, as far as the server knows
 */
export function readCookie(header: Headers, name: CookieName, isSecure: boolean): string | undefined {
  const cookies = new Map<string, string>();
  for (const pair of (header.get("cookie") ?? "").split(";")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, equals).trim();
    if (equals > 0 && !cookies.has(key)) cookies.set(key, pair.slice(equals + 1).trim());
  }
  return cookies.get(`__Host-${name}`) ?? (isSecure ? undefined : cookies.get(name));
}
