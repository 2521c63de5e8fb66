import type { FileVersionInfo, VersionCondition } from "../../producer/index.ts";

/** What a conditional request comes to. */
export type Verdict = "go on" | "not modified" | "failed";

/**
 * Judges whether a GET or HEAD goes on. Source: RFC 9110, section 13.2.2.
 *
 * @param entityTag - of what would be answered, with its quotes, and `W/` where it is weak
 */
export function judgePreconditions(
  header: Headers,
  { entityTag, changed }: { readonly entityTag: string; readonly changed: Date },
): Verdict {
  const ifMatch = header.get("if-match");
  if (ifMatch !== null) {
    if (!hasTag(ifMatch, entityTag, "strong")) return "failed";
  } else if (isBefore(header.get("if-unmodified-since"), changed)) return "failed";
  if (header.has("if-none-match")) return isKnownTo(header, entityTag) ? "not modified" : "go on";
  const modifiedSince = toSeconds(header.get("if-modified-since"));
  return modifiedSince !== undefined && wholeSeconds(changed) <= modifiedSince ? "not modified" : "go on";
}

/** Whether the client says by If-None-Match that it has what would be answered. */
export function isKnownTo(header: Headers, entityTag: string): boolean {
  const ifNoneMatch = header.get("if-none-match");
  return ifNoneMatch !== null && hasTag(ifNoneMatch, entityTag, "weak");
}

/** Whether a Range header counts: without If-Range, or where that names just this version. Source: RFC 9110, section 13.1.5. */
export function isRangeMeant(header: Headers, { entityTag, changed }: { entityTag: string; changed: Date }): boolean {
  const ifRange = header.get("if-range");
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange === entityTag && !entityTag.startsWith("W/");
  return toSeconds(ifRange) === wholeSeconds(changed);
}

/** What a PUT or DELETE asks of the version that there is. */
export function versionCondition(header: Headers): VersionCondition {
  const ifMatch = header.get("if-match");
  const isNew = header.get("if-none-match")?.trim() === "*";
  if (ifMatch === null) return { isNew };
  if (ifMatch.trim() === "*") return { isNew, isOneOf: "*" };
  return { isNew, isOneOf: tagsOf(ifMatch).flatMap((tag) => (tag.startsWith('"') ? [tag.slice(1, -1)] : [])) };
}

/** A version's entity tag. */
export function entityTagOf({ tag }: FileVersionInfo): string {
  return `"${tag}"`;
}

function hasTag(list: string, entityTag: string, comparison: "strong" | "weak"): boolean {
  if (list.trim() === "*") return true;
  if (comparison === "strong") return !entityTag.startsWith("W/") && tagsOf(list).includes(entityTag);
  const opaque = (tag: string): string => tag.replace(/^W\//, "");
  return tagsOf(list).map(opaque).includes(opaque(entityTag));
}

function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function isBefore(date: string | null, changed: Date): boolean {
  const seconds = toSeconds(date);
  return seconds !== undefined && wholeSeconds(changed) > seconds;
}

/** A date of HTTP; undefined where there is none, or it is none. */
function toSeconds(date: string | null): number | undefined {
  const time = date === null ? NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
