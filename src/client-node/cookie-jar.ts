import type { UniversalClientFn } from "@connectrpc/connect/protocol";

/**
 * The cookies of one server. Flight uses them to know a session again, for the whole server and by name: their domains
 * and paths play no part.
 */
export class CookieJar {
  readonly #values = new Map<string, string>();

  /** The HTTP client, with these cookies on its requests, and its responses' cookies in here. */
  over(httpClient: UniversalClientFn): UniversalClientFn {
    return async (request) => {
      const header = new Headers(request.header);
      if (this.#values.size > 0) header.set("cookie", this.#toHeader());
      const response = await httpClient({ ...request, header });
      for (const cookie of response.header.getSetCookie()) this.#keep(cookie);
      return response;
    };
  }

  #toHeader(): string {
    return [...this.#values].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Source: RFC 6265, section 5.2; only the part that decides whether to store a cookie. */
  #keep(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";");
    const [name = "", ...value] = pair.split("=");
    if (attributes.some(hasExpired)) this.#values.delete(name.trim());
    else this.#values.set(name.trim(), value.join("=").trim());
  }
}

function hasExpired(attribute: string): boolean {
  const [name = "", value = ""] = attribute.trim().split("=");
  if (name.toLowerCase() === "max-age") return Number(value) <= 0;
  return name.toLowerCase() === "expires" && Date.parse(value) <= Date.now();
}
