/** The parts of the URL of a call. */
export interface CallUrl {
  /** The server, with the path below which it is reached, and without a slash at its end. */
  readonly base: string;
  /** The path of the call: its service and its method. */
  readonly path: string;
}

/** Splits the URL of a call, whose last two segments are its service and its method. */
export function splitCallUrl(url: string): CallUrl {
  const { origin, pathname } = new URL(url);
  const start = pathname.lastIndexOf("/", pathname.lastIndexOf("/") - 1);
  return { base: origin + pathname.slice(0, start), path: pathname.slice(start) };
}
