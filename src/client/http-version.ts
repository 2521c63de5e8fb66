/** By which protocol each origin was reached last, such as `h2`; the browser tells it for every response. */
const protocols = new Map<string, string>();

let observer: PerformanceObserver | undefined;

/**
 * Whether an origin is reached over HTTP/2 or 3, where all requests share one connection. Where nothing is known of it
 * (before the first response; a server elsewhere that sends no `Timing-Allow-Origin`), it is not.
 */
export function sharesConnection(origin: string): boolean {
  if (observer === undefined) {
    // An observer also sees what finds no room in the page's own list of 250 entries.
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
