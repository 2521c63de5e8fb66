/** A cookie of this server. */
export type CookieName = "hangar-session" | "hangar-sign-in";

/** Options of a cookie. */
export interface CookieOptions {
  /** Whether the browser uses https. */
  readonly isSecure: boolean;
  /** The lifetime; 0 deletes the cookie. */
  readonly seconds: number;
}

/**
 * Formats a `Set-Cookie` header. Scripts cannot read the cookie. Requests from other sites do not contain it, except
 * when the user follows a link. With https, the prefix `__Host-` prevents that other hosts of the domain set it.
 * Source: RFC 6265bis, section 4.1.3.
 */
export function formatCookie(name: CookieName, value: string, { isSecure, seconds }: CookieOptions): string {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${seconds}`, ...(isSecure ? ["Secure"] : [])];
  return [`${isSecure ? "__Host-" : ""}${name}=${value}`, ...attributes].join("; ");
}

/**
 * Reads a cookie of this server. With https, only the name with the prefix counts, because an attacker on the network
 * can set the other one through a site without TLS.
 *
 * @param isSecure - whether the request used https, as far as the server knows
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
