import { missingDataset, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { FileVersion } from "../storage.ts";
import { objectOf, type Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { isMissing, toBucketError } from "./s3-error.ts";

/** The properties of an object in S3's answers. */
interface ObjectStatus {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/** The current object with a name. */
export interface FoundObject {
  readonly version: FileVersion;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Returns the version of an object. The time has whole seconds, because only listings have more.
 *
 * @throws FlightError FAILED_PRECONDITION if it has no ETag, such as a file that was copied into the folder of a
 * gateway
 */
export function toVersion({ ETag, LastModified }: ObjectStatus, byteLength: number): FileVersion {
  const id = ETag?.replaceAll('"', "");
  if (!id) throw new FlightError("failed_precondition", "its object has no ETag; write it through S3");
  return { id, byteLength, changed: toWholeSecond(LastModified ?? new Date(0)) };
}

/** Returns a time without its fraction of a second. */
export function toWholeSecond(time: Date): Date {
  return new Date(1000 * Math.floor(time.getTime() / 1000));
}

/** Returns the condition that an object has a certain version. */
export function matching(id: string): { IfMatch: string } {
  return { IfMatch: `"${id}"` };
}

/** Finds the current object of a name, in one request. Returns undefined if there is none. */
export async function findObject(objects: Objects, name: DatasetName): Promise<FoundObject | undefined> {
  try {
    const status = await repeat(() => objects.s3.headObject(objectOf(objects, name)));
    return { version: toVersion(status, status.ContentLength ?? 0), metadata: status.Metadata ?? {} };
  } catch (reason) {
    if (isMissing(reason)) return undefined;
    throw toBucketError(reason);
  }
}

/** Returns the current version of an object. @throws FlightError NOT_FOUND */
export async function statObject(objects: Objects, name: DatasetName): Promise<FileVersion> {
  const found = await findObject(objects, name);
  if (found === undefined) throw missingDataset(name);
  return found.version;
}
