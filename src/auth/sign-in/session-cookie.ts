/** A cookie of this server. */
export type CookieName = "hangar-session" | "hangar-sign-in";

/** Options of a cookie. */
export interface CookieOptions {
  /** The server's URL for browsers, with its base path. */
  readonly base: URL;
  /** The lifetime; 0 deletes the cookie. */
  readonly seconds: number;
}

/**
 * Formats a `Set-Cookie` header. Scripts cannot read the cookie. Requests from other sites do not contain it, except
 * when the user follows a link. With https, the prefix `__Host-` prevents that other hosts of the domain set it. The
 * prefix requires the path `/`, so the name tells apart the servers below the paths of one host. Source: RFC 6265bis, section 4.1.3.
 */
export function formatCookie(name: CookieName, value: string, { base, seconds }: CookieOptions): string {
  const isSecure = base.protocol === "https:";
  const attributes = ["Path=/", "HttpOnly", "SameSite=Lax", `Max-Age=${seconds}`, ...(isSecure ? ["Secure"] : [])];
  return [`${isSecure ? "__Host-" : ""}${nameAt(name, base)}=${value}`, ...attributes].join("; ");
}

/**
 * Reads a cookie of this server. With https, only the name with the prefix counts, because an attacker on the network
 * can set the other one through a site without TLS.
 *
 * @param base - the server's URL for browsers, as far as the server knows
 */
export function readCookie(header: Headers, name: CookieName, base: URL | undefined): string | undefined {
  const cookies = new Map<string, string>();
  for (const pair of (header.get("cookie") ?? "").split(";")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, equals).trim();
    if (equals > 0 && !cookies.has(key)) cookies.set(key, pair.slice(equals + 1).trim());
  }
  const full = nameAt(name, base);
  return cookies.get(`__Host-${full}`) ?? (base?.protocol === "https:" ? undefined : cookies.get(full));
}

/** The name of a cookie at a server: `hangar-session~a~b` below `/a/b/`. */
function nameAt(name: CookieName, base: URL | undefined): string {
  const segments = (base?.pathname ?? "/").split("/").filter(Boolean);
  return [name, ...segments].join("~");
}
