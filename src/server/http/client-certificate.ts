import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { X509Certificate } from "node:crypto";
import type { ClientCertificate } from "../../producer/index.ts";

/**
 * Returns the certificate that a connection's client has shown.
 *
 * @returns undefined where it has shown none, or none was asked for; `untrusted` where nobody vouches for it, or it has
 * expired
 */
export function clientCertificateOf(socket: Socket | TLSSocket): ClientCertificate | "untrusted" | undefined {
  if (!("getPeerX509Certificate" in socket)) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  if (!socket.authorized || new Date(certificate.validTo) < new Date()) return "untrusted";
  return describeCertificate(certificate);
}

/** What is known of a certificate by its text; pure. */
export function describeCertificate({
  subject,
  subjectAltName = "",
}: Pick<X509Certificate, "subject" | "subjectAltName">): ClientCertificate {
  return { subject: subject.split("\n").join(", "), names: splitNames(subjectAltName) };
}

/**
 * Splits what Node gives as `DNS:a.example, URI:spiffe://b`. A name with a comma or a quote in it stands there as a JSON
 * string, so that it cannot be taken for two.
 */
function splitNames(text: string): string[] {
  const entries = text.matchAll(/([\w ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g);
  return [...entries].map(([, kind = "", value = ""]) => {
    return `${kind}:${value.startsWith('"') ? String(JSON.parse(value)) : value}`;
  });
}
