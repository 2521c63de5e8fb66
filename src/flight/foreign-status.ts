/** The header in which gRPC sends its status as a protobuf message. Connect uses it instead of the plain code. */
export const statusDetailsHeader = "grpc-status-details-bin";

/**
 * Makes the status of a response valid for Connect. Changes the headers or trailers.
 *
 * Arrow's C++ servers send bytes of the application (`extra_info` in Python) in the header for gRPC's status message.
 * Connect would read them as a broken status, or as OK, and the error of the call would be lost. Connect also throws at
 * a message that is not percent-encoded.
 *
 * @returns the details, as they were sent; null if there were none
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
