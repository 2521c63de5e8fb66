/**
 * A server's process that races others for names: `bucket-racer.ts URL ENDPOINT ID`. For each message it puts a small
 * object that has its id, and answers with the version, or with the code of the refusal.
 */
import { parseDatasetName, type DatasetName } from "../../src/dataset/index.ts";
import { FlightError } from "../../src/flight/index.ts";
import { openBucketStorage } from "../../src/storage/index.ts";

/** What a process is told to do: to create a name, or to replace a version of it. */
export interface RaceStep {
  readonly name: string;
  readonly ifVersion?: string;
}

/** The new version, or the code of the error. */
export interface RaceOutcome {
  readonly version?: string;
  readonly code?: string;
}

const [url = "", endpoint = "", id = ""] = process.argv.slice(2);
const storage = await openBucketStorage({ url, endpoint });

async function put(name: DatasetName, ifVersion: string | undefined): Promise<RaceOutcome> {
  const condition =
    ifVersion === undefined ? ({ mode: "create" } as const) : { mode: "replace" as const, ifVersion: [ifVersion] };
  const upload = await storage.create({ name, ...condition });
  try {
    // An equal content would have an equal ETag, which is the same version.
    await upload.append(Buffer.from(`${id} ${ifVersion === undefined ? "creates" : "replaces"}`));
    return { version: (await upload.commit()).version.id };
  } catch (reason) {
    return { code: reason instanceof FlightError ? reason.code : String(reason) };
  } finally {
    await upload.discard();
  }
}

process.on("message", ({ name, ifVersion }: RaceStep) => {
  void put(parseDatasetName(name), ifVersion).then((outcome) => process.send?.(outcome));
});
process.on("disconnect", () => process.exit());
process.send?.({});
