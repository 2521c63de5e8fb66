/** The protocol of the last response of each origin, such as `h2`. The browser reports it for each response. */
const protocols = new Map<string, string>();

let observer: PerformanceObserver | undefined;

/**
 * Returns whether an origin uses HTTP/2 or HTTP/3, so that all requests share one connection. False if the protocol is
 * not known: before the first response, and for another origin whose server does not send `Timing-Allow-Origin`.
 */
export function sharesConnection(origin: string): boolean {
  if (observer === undefined) {
    // An observer also gets the entries that do not fit into the page's own list of 250 entries.
    observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: "resource", buffered: true });
  }
  note(observer.takeRecords());
  const protocol = protocols.get(origin);
  return protocol === "h2" || protocol === "h3";
}

function note(entries: readonly PerformanceEntry[]): void {
  for (const entry of entries) {
    const protocol = "nextHopProtocol" in entry && entry.nextHopProtocol;
    const origin = URL.parse(entry.name)?.origin;
    if (typeof protocol === "string" && protocol !== "" && origin !== undefined) protocols.set(origin, protocol);
  }
}
