import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { X509Certificate } from "node:crypto";
import type { ClientCertificate } from "../../producer/index.ts";

/**
 * Returns the client certificate of a connection.
 *
 * @returns undefined if the client sent none or the server requested none; `untrusted` if no known authority signed it,
 * or it has expired
 */
export function clientCertificateOf(socket: Socket | TLSSocket): ClientCertificate | "untrusted" | undefined {
  // The socket of an HTTP/2 session is a proxy without a working `in`.
  const { authorized, getPeerX509Certificate } = socket as Partial<TLSSocket>;
  const certificate = getPeerX509Certificate?.call(socket);
  if (certificate === undefined) return undefined;
  if (!authorized || new Date(certificate.validTo) < new Date()) return "untrusted";
  return describeCertificate(certificate);
}

/** Parses the text fields of a certificate; pure. */
export function describeCertificate({
  subject,
  subjectAltName = "",
}: Pick<X509Certificate, "subject" | "subjectAltName">): ClientCertificate {
  return { subject: subject.split("\n").join(", "), names: splitNames(subjectAltName) };
}

/**
 * Splits a list such as `DNS:a.example, URI:spiffe://b`, which Node returns. Node writes a name that contains a comma
 * or a quote as a JSON string.
 */
function splitNames(text: string): string[] {
  const entries = text.matchAll(/([\w ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g);
  return [...entries].map(([, kind = "", value = ""]) => {
    return `${kind}:${value.startsWith('"') ? String(JSON.parse(value)) : value}`;
  });
}
