import type { FileVersionInfo, VersionCondition } from "../../producer/index.ts";

/** The result of a conditional request. */
export type Verdict = "go on" | "not modified" | "failed";

/**
 * Evaluates the preconditions of a GET or HEAD. Source: RFC 9110, section 13.2.2.
 *
 * @param entityTag - the entity tag of the response, with quotes, and with `W/` if it is weak
 */
export function judgePreconditions(
  header: Headers,
  { entityTag, changed }: { readonly entityTag: string; readonly changed: Date },
): Verdict {
  const ifMatch = header.get("if-match");
  if (ifMatch !== null) {
    if (!hasTag(ifMatch, entityTag)) return "failed";
  } else if (isBefore(header.get("if-unmodified-since"), changed)) return "failed";
  if (header.has("if-none-match")) return hasCached(header.get("if-none-match"), entityTag) ? "not modified" : "go on";
  const modifiedSince = toSeconds(header.get("if-modified-since"));
  return modifiedSince !== undefined && wholeSeconds(changed) <= modifiedSince ? "not modified" : "go on";
}

/** Returns whether an If-None-Match header contains the entity tag of the response. */
export function hasCached(ifNoneMatch: string | null | undefined, entityTag: string): boolean {
  return typeof ifNoneMatch === "string" && hasTag(ifNoneMatch, entityTag);
}

/**
 * Returns whether to apply a Range header: without If-Range, or if If-Range names this version. A weak tag does not
 * count here, as parts of two encodings must not be joined. Source: RFC 9110, section 13.1.5.
 */
export function appliesRange(header: Headers, { entityTag, changed }: { entityTag: string; changed: Date }): boolean {
  const ifRange = header.get("if-range");
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange === entityTag && !entityTag.startsWith("W/");
  return toSeconds(ifRange) === wholeSeconds(changed);
}

/** Returns the condition that a PUT or DELETE sets on the current version. */
export function versionCondition(header: Headers): VersionCondition {
  const ifMatch = header.get("if-match");
  const isNew = header.get("if-none-match")?.trim() === "*";
  if (ifMatch === null) return { isNew };
  if (ifMatch.trim() === "*") return { isNew, isOneOf: "*" };
  return { isNew, isOneOf: tagsOf(ifMatch).map((tag) => opaqueOf(tag).slice(1, -1)) };
}

/** Returns the entity tag of a version. */
export function entityTagOf({ version }: FileVersionInfo): string {
  return `"${version}"`;
}

function hasTag(list: string, entityTag: string): boolean {
  return list.trim() === "*" || tagsOf(list).map(opaqueOf).includes(opaqueOf(entityTag));
}

/**
 * Removes the `W/` of a weak tag. RFC 9110 requires a strong comparison for If-Match. But a proxy that compresses a
 * response, such as nginx, weakens its tag. If-Match with that tag would always fail, although it identifies one
 * version of one dataset.
 */
function opaqueOf(tag: string): string {
  return tag.replace(/^W\//, "");
}

function tagsOf(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

function isBefore(date: string | null, changed: Date): boolean {
  const seconds = toSeconds(date);
  return seconds !== undefined && wholeSeconds(changed) > seconds;
}

/** Parses an HTTP date; undefined if there is none, or it is not valid. */
function toSeconds(date: string | null): number | undefined {
  const time = date === null ? NaN : Date.parse(date);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
