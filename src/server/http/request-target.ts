/** The result of a check of a request target. */
export type TargetVerdict =
  /** A path as it came, without the query. */
  | { readonly kind: "path"; readonly path: string }
  /** The server does not read it: the request is answered 400. */
  | { readonly kind: "refused"; readonly why: string };

/** Printable ASCII without `#`. A URL parser would drop tabs, line ends, and everything after `#`. */
const allowedCharacters = /^[!"$-~]*$/;

const encodedSeparator = /%(2f|5c)/i;

/** A segment that a URL parser takes for `.` or `..`. */
const dotSegment = /^(\.|%2e){1,2}$/i;

/**
 * Judges the raw target of a request, before anything else looks at it.
 *
 * A proxy in front decides by the path that it reads. A URL parser here would read `\` as `/` and fold dot segments, and
 * so find another path than the proxy has let pass. So a target of which two readings exist is refused, never normalised.
 *
 * @param target - as it came, over HTTP/1.1 or as `:path`
 */
export function judgeTarget(target: string): TargetVerdict {
  if (!target.startsWith("/")) return refused("must be a path that starts with /");
  if (!allowedCharacters.test(target)) return refused("has a character that must be percent-encoded");
  const [path = ""] = target.split("?", 1);
  if (path.includes("\\")) return refused("has a backslash");
  if (encodedSeparator.test(path)) return refused("has an encoded / or backslash in a segment");
  if (path.split("/").some((segment) => dotSegment.test(segment))) return refused("has a dot segment");
  return { kind: "path", path };
}

function refused(what: string): TargetVerdict {
  return { kind: "refused", why: `The request's path ${what}.` };
}
