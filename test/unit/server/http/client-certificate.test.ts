import { expect, test } from "vitest";
import { describeCertificate } from "../../../../src/server/http/client-certificate.ts";

test.each([
  ["CN=ali", undefined, { subject: "CN=ali", names: [] }],
  ["O=Example\nCN=ali", "DNS:a.example", { subject: "O=Example, CN=ali", names: ["DNS:a.example"] }],
  // OpenSSL escapes what would be a separator, Node quotes it.
  ["CN=ali\\, O=Example", undefined, { subject: "CN=ali\\, O=Example", names: [] }],
  [
    "CN=x",
    'DNS:"a, DNS:root.example", URI:spiffe://b/c, email:d@e, IP Address:127.0.0.1',
    { subject: "CN=x", names: ["DNS:a, DNS:root.example", "URI:spiffe://b/c", "email:d@e", "IP Address:127.0.0.1"] },
  ],
  ["CN=x", 'URI:"a\\"b, URI:c"', { subject: "CN=x", names: ['URI:a"b, URI:c'] }],
])("a certificate of %j with the names %j", (subject, subjectAltName, expected) => {
  expect(describeCertificate({ subject, subjectAltName })).toEqual(expected);
});
