/** The ways from a page to a server. */
export const routes = ["HTTP/1.1", "HTTP/2 with TLS", "HTTP/1.1 behind nginx", "HTTP/2 with TLS behind nginx"] as const;

/** One of the ways. */
export type Route = (typeof routes)[number];

/** A server with the scenarios, as a page sees it. */
export interface PageServer {
  readonly id: number;
  /** Its addresses. */
  readonly urls: Readonly<Record<Route, string>>;
  /** Addresses by which single Sends fail, without nginx and behind it. */
  readonly flakyUrls: readonly string[];
}

/** A server behind a proxy: pyarrow's own, or one with the scenarios. */
export type ProxiedServer = "recipe" | "scenarios" | "roapi";
