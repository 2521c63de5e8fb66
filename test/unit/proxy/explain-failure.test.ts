import { expect, test } from "vitest";
import { explainFailure } from "../../../src/proxy/explain-failure.ts";

const withCode = (code: string): Error => Object.assign(new Error("connect 10.0.0.7:8815"), { code });

test.each([
  ["ECONNREFUSED", "the upstream server refuses connections"],
  ["ENOTFOUND", "the upstream server has a name that cannot be resolved"],
  ["ETIMEDOUT", "the upstream server does not respond"],
  ["ERR_HTTP2_ERROR", "the upstream server does not speak HTTP/2"],
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "the upstream server has a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
  ],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "the upstream server has a certificate that is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)",
  ],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "the upstream server refuses TLS (ERR_SSL_WRONG_VERSION_NUMBER)"],
  ["ECONNRESET", "the upstream server closed its connection"],
])("%s, without an address", (code, message) => {
  expect(explainFailure(withCode(code))).toMatchObject({ code: "unavailable", message });
  const wrapped = new Error("wrapped", { cause: new AggregateError([new Error("one"), withCode(code)]) });
  expect(explainFailure(wrapped)).toMatchObject({ code: "unavailable", message });
});
