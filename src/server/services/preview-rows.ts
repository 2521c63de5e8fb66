import type { JsonObject } from "@bufbuild/protobuf";
import { FlightError } from "../../flight/index.ts";
import { parseDatasetName } from "../../dataset/index.ts";
import type { PreviewRowsRequest } from "../../gen/hangar/v1/dataset_service_pb.ts";
import type { CallContext, DatasetFiles, OpenDatasetFile } from "../../producer/index.ts";
import { encodeNdjson } from "../../rows/index.ts";
import { previewBytesMax } from "./limits.ts";

const limitDefault = 20;

/** Opens a dataset's file. @throws FlightError UNIMPLEMENTED if the server has no files */
export async function openFileOf(
  files: DatasetFiles | undefined,
  context: CallContext,
  name: string,
): Promise<OpenDatasetFile> {
  if (files === undefined) throw new FlightError("unimplemented", "this server does not serve datasets as files");
  return await files.openFile(context, parseDatasetName(name));
}

/**
 * Returns some rows of a dataset as JSON.
 *
 * @param request - a validated request
 * @throws FlightError INVALID_ARGUMENT if the selection is wrong; as `openFileOf`
 */
export async function previewRows(
  files: DatasetFiles | undefined,
  context: CallContext,
  request: PreviewRowsRequest,
): Promise<{ rows: JsonObject[]; truncated: boolean }> {
  const limit = request.limit === 0 ? limitDefault : request.limit;
  const offset = Number(request.offset);
  const file = await openFileOf(files, context, request.name);
  try {
    const columns = request.columns.length === 0 ? undefined : [...new Set(request.columns)];
    const frames = file.readRows({ columns, filter: request.filter || undefined, offset, limit });
    return await collect(encodeNdjson(frames));
  } finally {
    await file.close();
  }
}

/** Parses as many complete lines as fit. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<{ rows: JsonObject[]; truncated: boolean }> {
  const decoder = new TextDecoder();
  let text = "";
  let byteLength = 0;
  let truncated = false;
  for await (const chunk of chunks) {
    byteLength += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    truncated = byteLength > previewBytesMax;
    if (truncated) break;
  }
  const lines = text.slice(0, truncated ? previewBytesMax : undefined).split("\n");
  // The text after the last line feed is empty, or it is an incomplete line that does not fit.
  const rows = lines.slice(0, -1).map((line) => JSON.parse(line) as JsonObject);
  return { rows, truncated };
}
