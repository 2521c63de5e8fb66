const nativeContentType = /^application\/grpc(\+|;|$)/i;

/** Whether a content type is that of native gRPC, whose clients read no headers of browsers and no bodies of plain HTTP. */
export function isNativeGrpc(contentType: string | null | undefined): boolean {
  return nativeContentType.test(contentType ?? "");
}
