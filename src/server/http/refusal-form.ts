import { isNativeGrpc } from "../../flight/index.ts";
import { isFilesPath } from "../files/file-query.ts";
import type { NodeRequest } from "./node-messages.ts";

/** The part of a request that determines the format of errors. */
export type RequestHead = Pick<NodeRequest, "method" | "headers" | "url">;

/** The format of a refusal: a gRPC status, the last envelope of a stream, Connect's JSON, or text. */
export type RefusalForm = "grpc" | "grpc-web" | "connect-stream" | "json" | "text";

/** Returns the format of errors for a request. Files over HTTP use the format of Connect (docs/files.md). */
export function formOf({ method, headers, url = "" }: RequestHead): RefusalForm {
  const contentType = headers["content-type"] ?? "";
  if (isNativeGrpc(contentType)) return "grpc";
  if (/^application\/grpc-web/i.test(contentType)) return "grpc-web";
  if (/^application\/connect\+/i.test(contentType)) return "connect-stream";
  if (/^application\/(json|proto)\b/i.test(contentType)) return "json";
  const isConnectGet = method === "GET" && /[?&]connect=v1(&|$)/.test(url);
  return isConnectGet || isFilesPath(url) ? "json" : "text";
}
