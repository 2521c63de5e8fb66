/** Flight's schemes, and the HTTP schemes that carry their gRPC. */
export const httpSchemes: Readonly<Record<string, string>> = {
  "grpc:": "http:",
  "grpc+tcp:": "http:",
  "grpc+tls:": "https:",
};

/** Returns the address with an HTTP scheme; null if it is not the address of a server. */
export function toHttpUrl(text: string | URL): URL | null {
  const url = URL.parse(text);
  const scheme = url && (httpSchemes[url.protocol] ?? url.protocol);
  // The URL standard does not allow changing a scheme that it knows to another one, or back.
  const http =
    url && scheme && /^https?:$/.test(scheme) ? URL.parse(scheme + url.href.slice(url.protocol.length)) : null;
  return http?.host === "" ? null : http;
}

/** Returns the address with an HTTP scheme; null if it is not the address of a server, or if it has credentials. */
export function toServerUrl(text: string | URL): URL | null {
  const url = toHttpUrl(text);
  return url?.username === "" && url.password === "" ? url : null;
}
