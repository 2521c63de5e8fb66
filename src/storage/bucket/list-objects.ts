import { compareNames, isDatasetName } from "../../dataset/index.ts";
import type { ListedFile } from "../storage.ts";
import type { LeftOutLog } from "../left-out-log.ts";
import { listConcurrencyMax } from "./limits.ts";
import { Listing, type ListingPage } from "./listing.ts";
import { toVersion } from "./object-version.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { toBucketError } from "./s3-error.ts";

/** Names between two names. */
interface NameRange {
  /** The name before the first one (exclusive); empty for the start. */
  readonly after: string;
  /** The last name (inclusive); undefined for the end. */
  readonly until?: string | undefined;
}

/**
 * Lists the objects with valid dataset names. A request returns 1,000 of them. If an earlier listing is known, its
 * names divide the bucket into ranges, which are requested at the same time.
 *
 * @throws FlightError UNAVAILABLE if the bucket does not answer
 */
export async function listObjects(objects: Objects, earlier: Listing, leftOut: LeftOutLog): Promise<Listing> {
  const leaving = new AbortController();
  const listing = divide(earlier).map((range) => listRange(objects, range, { leftOut, signal: leaving.signal }));
  try {
    return new Listing((await Promise.all(listing)).flat());
  } catch (reason) {
    throw toBucketError(reason);
  } finally {
    leaving.abort();
    await Promise.allSettled(listing);
  }
}

/** Divides the names at the ends of pages. */
function divide({ pages }: Listing): NameRange[] {
  const count = Math.max(1, Math.min(listConcurrencyMax, pages.length));
  const cuts = Array.from({ length: count - 1 }, (_, i) => {
    return pages[Math.floor(((i + 1) * pages.length) / count) - 1]!.at(-1)!.name;
  });
  return ["", ...cuts].map((after, i) => ({ after, until: cuts[i] }));
}

async function listRange(
  { s3, location: { bucket, keyPrefix } }: Objects,
  { after, until }: NameRange,
  { leftOut, signal }: { readonly leftOut: LeftOutLog; readonly signal: AbortSignal },
): Promise<ListingPage[]> {
  const wanted = {
    Bucket: bucket,
    Prefix: keyPrefix,
    ...(after !== "" && { StartAfter: keyPrefix + after }),
  };
  const pages: ListingPage[] = [];
  let token: string | undefined;
  do {
    const next = { ...wanted, ...(token !== undefined && { ContinuationToken: token }) };
    const answer = await repeat(() => s3.listObjectsV2(next, { abortSignal: signal }), { signal });
    const page: ListedFile[] = [];
    for (const { Key = "", Size = 0, ...status } of answer.Contents ?? []) {
      const name = Key.slice(keyPrefix.length);
      if (until !== undefined && compareNames(name, until) > 0) return [...pages, page];
      if (isDatasetName(name)) page.push({ name, ...(status.ETag && { version: toVersion(status, Size) }) });
      else if (!isHidden(name)) leftOut.report(name, "its key cannot be the name of a dataset");
    }
    pages.push(page);
    token = answer.IsTruncated ? answer.NextContinuationToken : undefined;
  } while (token !== undefined);
  return pages;
}

/** Returns whether an object is hidden, or marks a folder of another program. */
function isHidden(name: string): boolean {
  return name === "" || name.endsWith("/") || name.split("/").some((segment) => segment.startsWith("."));
}
