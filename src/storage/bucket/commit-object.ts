import { datasetExists, missingDataset, type DatasetName } from "../../dataset/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { Committed, FileVersion, Placement } from "../storage.ts";
import { assertVersion } from "../version-condition.ts";
import { replacedCountMax } from "./limits.ts";
import { findObject, matching, toVersion, toWholeSecond, type FoundObject } from "./object-version.ts";
import type { Objects } from "./objects.ts";
import { repeat } from "./repeat.ts";
import { isConditionFailure, isMissing, isUploadGone, toBucketError } from "./s3-error.ts";

/** The condition of a write, as an S3 parameter. */
export interface WriteCondition {
  readonly IfNoneMatch?: string;
  readonly IfMatch?: string;
}

/** An object to commit. */
export interface ObjectCommit {
  readonly placement: Placement;
  readonly byteLength: number;
  /** Whether an object of the name exists, as far as this server has seen. */
  readonly isSeen: boolean;
  /** Whether the request can be sent again after its condition failed. */
  readonly isRepeatable: boolean;
  /** The id of this operation, which the metadata of the new object contains. */
  readonly operationId: string;
  /** Sends the request that creates the object under its name. */
  readonly write: (condition: WriteCondition) => Promise<{ readonly ETag?: string | undefined }>;
}

/** The metadata key of the operation's id. */
export const operationKey = "hangar-operation";

/**
 * Creates an object under its name with one conditional request. A request whose answer is lost is repeated. The
 * operation's id in the metadata shows whether the first one succeeded.
 *
 * @throws FlightError as `Storage.assertPlaceable`; UNAVAILABLE if the outcome is unknown
 */
export async function commitObject(objects: Objects, commit: ObjectCommit): Promise<Committed> {
  for (let replacedCount = 0; ; replacedCount++) {
    const { condition, isNew } = await planWrite(objects, { ...commit, isSeen: commit.isSeen || replacedCount > 0 });
    try {
      const version = await writeOnce(objects, commit, condition);
      return { version, isNew };
    } catch (reason) {
      const { mode, ifVersion } = commit.placement;
      // Any version may be replaced, but another writer has just replaced it; or the object was not seen before.
      const isAny = ifVersion === "*" || (ifVersion === undefined && mode === "replace");
      const mayRepeat = isAny && replacedCount < replacedCountMax;
      if (!mayRepeat || !isConditionFailure(reason)) throw refusalOf(commit.placement, reason);
    }
  }
}

/**
 * Plans the condition of the write. It requests the current version only if the condition depends on it. A replacement of
 * an object that was not seen is first tried as a create, so that one request shows that it is new.
 */
async function planWrite(
  objects: Objects,
  { placement: { name, mode, ifVersion }, isSeen, isRepeatable }: ObjectCommit,
): Promise<{ condition: WriteCondition; isNew: boolean }> {
  if (ifVersion === undefined) {
    if (mode === "create" || (!isSeen && isRepeatable)) return { condition: { IfNoneMatch: "*" }, isNew: true };
    if (isSeen) return { condition: {}, isNew: false };
  }
  const found = await findObject(objects, name);
  if (ifVersion === undefined) return { condition: {}, isNew: found === undefined };
  const current = assertCurrent(name, found, ifVersion);
  if (mode === "create") throw datasetExists(name);
  return { condition: matching(current.id), isNew: false };
}

function assertCurrent(
  name: DatasetName,
  found: FoundObject | undefined,
  ifVersion: NonNullable<Placement["ifVersion"]>,
): FileVersion {
  if (found === undefined) throw missingDataset(name);
  assertVersion(name, found.version, ifVersion);
  return found.version;
}

async function writeOnce(objects: Objects, commit: ObjectCommit, condition: WriteCondition): Promise<FileVersion> {
  let attemptCount = 0;
  try {
    const status = await repeat(() => {
      attemptCount += 1;
      return commit.write(condition);
    });
    // The answer does not contain the time; this machine's time is close to it.
    return toVersion({ ...status, LastModified: toWholeSecond(new Date()) }, commit.byteLength);
  } catch (reason) {
    // A first answer that refuses the request is not about this commit's own object.
    const own = attemptCount > 1 ? await findOwn(objects, commit).catch(() => undefined) : undefined;
    if (own) return own;
    // The parts are gone, or the condition fails. An earlier attempt of this commit may have succeeded and then been
    // overwritten.
    const isUnknown = isUploadGone(reason) || (condition.IfMatch !== undefined && isConditionFailure(reason));
    if (isUnknown && attemptCount > 1) throw unknownOutcome(commit.placement.name, reason);
    throw reason;
  }
}

/** Returns the version that this commit created, if it is still the current one. */
async function findOwn(objects: Objects, { placement, operationId }: ObjectCommit): Promise<FileVersion | undefined> {
  const found = await findObject(objects, placement.name);
  return found?.metadata[operationKey] === operationId ? found.version : undefined;
}

function refusalOf({ name, mode }: Placement, reason: unknown): unknown {
  if (!isConditionFailure(reason)) return isMissing(reason) ? missingDataset(name) : toBucketError(reason);
  if (mode === "create") return datasetExists(name);
  const words = `dataset ${quoteName(name)} has another version now`;
  return new FlightError("failed_precondition", words, { dataset: name, cause: reason });
}

function unknownOutcome(name: DatasetName, cause: unknown): FlightError {
  const words = `dataset ${quoteName(name)} may or may not have been put: the server's bucket lost the answer, and another put followed`;
  return new FlightError("unavailable", words, { dataset: name, cause });
}
