import { createHash } from "node:crypto";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { joinPieces } from "../../flight/index.ts";
import { hasCached } from "../http/preconditions.ts";

/**
 * Adds an entity tag to the response of a unary GET. If the client has the response already, the body is omitted. The
 * tag is a digest of the body, which is one message in memory.
 *
 * @param requestHeader - has If-None-Match
 */
export async function tagAnswer(
  requestHeader: Headers,
  response: UniversalServerResponse,
): Promise<UniversalServerResponse> {
  if (response.status !== 200 || response.body === undefined) return response;
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  const body = joinPieces(pieces);
  const entityTag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const header = new Headers(response.header);
  header.set("etag", entityTag);
  if (!hasCached(requestHeader.get("if-none-match"), entityTag)) return { ...response, header, body: chunksOf(body) };
  for (const name of ["content-type", "content-length", "content-encoding"]) header.delete(name);
  return { ...response, status: 304, header, body: chunksOf() };
}

async function* chunksOf(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
