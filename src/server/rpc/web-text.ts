import { decodeBase64Stream, encodeBase64Stream } from "./base64-stream.ts";
import type { RequestAnswerer } from "./splice-handler.ts";

const webType = /^application\/grpc-web(-text)?(?=\+|\s*;|\s*$)/i;

/** Returns whether a content type is gRPC-Web in base64, the default of Google's code generator. */
export function isWebText(contentType: string | null | undefined): boolean {
  return webType.exec(contentType ?? "")?.[1] !== undefined;
}

/**
 * Returns whether the client of a gRPC-Web request reads base64. The Accept header decides if it has a gRPC-Web type;
 * otherwise the content type. Source: PROTOCOL-WEB of gRPC, "Text-encoded (response) streams".
 */
export function readsWebText(contentType: string | null | undefined, accept: string | null | undefined): boolean {
  return isWebText(webType.test(accept ?? "") ? accept : contentType);
}

/** Converts a content type of gRPC-Web to its text or binary form, with the same message format. */
export function toWebType(contentType: string, form: "text" | "binary"): string {
  return contentType.replace(webType, form === "text" ? "application/grpc-web-text" : "application/grpc-web");
}

/**
 * Serves gRPC-Web in base64 with a handler of its binary form. Only the bytes of the bodies differ, including trailers.
 */
export function withWebText<A extends RequestAnswerer>(handler: A): A {
  return {
    ...handler,
    async answer(request, from) {
      const contentType = request.header.get("content-type") ?? "";
      if (!webType.test(contentType)) return await handler.answer(request, from);
      const asText = readsWebText(contentType, request.header.get("accept"));
      const response = await handler.answer(isWebText(contentType) ? decodeRequest(request) : request, from);
      return asText ? encodeResponse(response) : response;
    },
  };
}

type Answer = RequestAnswerer["answer"];

function decodeRequest(request: Parameters<Answer>[0]): Parameters<Answer>[0] {
  const header = new Headers(request.header);
  header.set("content-type", toWebType(header.get("content-type") ?? "", "binary"));
  // It is the length of the base64 text.
  header.delete("content-length");
  return { ...request, header, body: decodeBase64Stream(request.body) };
}

function encodeResponse(response: Awaited<ReturnType<Answer>>): Awaited<ReturnType<Answer>> {
  const contentType = response.header?.get("content-type") ?? "";
  if (response.body === undefined || !webType.test(contentType)) return response;
  const header = new Headers(response.header);
  header.set("content-type", toWebType(contentType, "text"));
  return { ...response, header, body: encodeBase64Stream(response.body) };
}
