import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { appendedName, appendIdFromHeader, createAppendId, filesPath } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { CallContext, DatasetFiles } from "../../producer/index.ts";
import { parseName } from "./file-query.ts";
import { putFile, type SentFile } from "./put-file.ts";

/** A request that appends to a folder. */
export interface AppendRequest extends Pick<SentFile, "body"> {
  readonly url: URL;
}

/**
 * Handles POST of a folder: stores the body as one more dataset of it, with a name that sorts by time. A request that is
 * repeated with the same `Idempotency-Key` is stored once.
 *
 * @throws FlightError INVALID_ARGUMENT if the path or the key is not allowed; as `putFile`
 */
export async function appendFile(
  files: DatasetFiles,
  context: CallContext,
  { url: { pathname, search }, body }: AppendRequest,
): Promise<UniversalServerResponse> {
  if (search !== "") throw new FlightError("invalid_argument", "an append takes no parameters");
  if (pathname === filesPath) throw new FlightError("invalid_argument", "an append needs a folder: /datasets/FOLDER/");
  const key = appendIdFromHeader(context.requestHeader);
  const id = key ?? createAppendId();
  const name = appendedName(parseName(pathname.slice(0, -1)), id);
  const location = `${encodeURIComponent(id)}.parquet`;
  try {
    const put = await putFile(files, context, { name, condition: { isNew: true }, body });
    const header = new Headers(put.header);
    header.set("location", location);
    return { ...put, header };
  } catch (reason) {
    const isRepeated = reason instanceof FlightError && reason.code === "already_exists" && key !== undefined;
    if (!isRepeated) throw reason;
    return { status: 200, header: new Headers({ location }) };
  }
}
