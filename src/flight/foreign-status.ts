/** Where gRPC has its status as a protobuf message, by which Connect goes rather than by the plain code. */
export const statusDetailsHeader = "grpc-status-details-bin";

/**
 * Makes an answer's status one that Connect understands, whoever wrote it; changes the headers or trailers.
 *
 * Arrow's C++ servers write bytes of the application's own where gRPC has its message (`extra_info` in Python): Connect
 * would take them for a broken status, or for one that says OK, and the call's failure would be lost. At words that are
 * not percent-encoded it throws.
 *
 * @returns the details, as they were written; null where there were none
 */
export function takeStatusDetails(headers: Headers): string | null {
  const details = headers.get(statusDetailsHeader);
  headers.delete(statusDetailsHeader);
  const message = headers.get("grpc-message");
  if (message !== null && !isPercentEncoded(message)) headers.set("grpc-message", encodeURIComponent(message));
  return details;
}

function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}
