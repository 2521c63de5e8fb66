import { toFlightError } from "hangar/flight";
import { catalog } from "./client.ts";

/** Whether the server is a store of files: then datasets are files over HTTP too, and puts may create alone. */
export async function takesFiles(signal: AbortSignal): Promise<boolean> {
  try {
    return (await catalog.describeServer({ signal })).files;
  } catch (reason) {
    if (toFlightError(reason).code !== "unimplemented") throw reason;
    return false;
  }
}
