/** Headers whose values Connect repeats in its errors. The longest valid value has 20 characters. */
const protocolHeaders = [
  "content-encoding",
  "connect-content-encoding",
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-encoding",
  "grpc-timeout",
];
const protocolValueCharCountMax = 64;

/** Truncates the headers that Connect repeats. Short headers are returned unchanged. */
export function boundProtocolHeaders(header: Headers): Headers {
  let bounded = header;
  for (const name of protocolHeaders) {
    const value = header.get(name);
    if (value === null || value.length <= protocolValueCharCountMax) continue;
    if (bounded === header) bounded = new Headers(header);
    bounded.set(name, value.slice(0, protocolValueCharCountMax));
  }
  return bounded;
}
