/** The result of a check of a request target. */
export type TargetVerdict =
  /** A valid path, unchanged and without the query. */
  | { readonly kind: "path"; readonly path: string }
  /** An invalid target: status 400. */
  | { readonly kind: "refused"; readonly why: string };

/** Printable ASCII without `#`. A URL parser would drop tabs, line breaks, and the text after `#`. */
const allowedCharacters = /^[!"$-~]*$/;

const encodedSeparator = /%(2f|5c)/i;

/** A segment that a URL parser interprets as `.` or `..`. */
const dotSegment = /^(\.|%2e){1,2}$/i;

/**
 * Checks the raw target of a request before any other code uses it.
 *
 * A proxy in front of the server decides by the path as it reads it. A URL parser would convert `\` to `/` and resolve
 * dot segments, and so find a path that the proxy has not allowed. So an ambiguous target is refused, never normalized.
 *
 * @param target - the unchanged target of HTTP/1.1, or `:path`
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
