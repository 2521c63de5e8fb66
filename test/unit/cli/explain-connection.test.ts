import { expect, test } from "vitest";
import { explainConnection } from "../../../src/cli/explain-connection.ts";
import { FlightError } from "../../../src/flight/index.ts";

const caused = (code: string): FlightError =>
  new FlightError("unavailable", "no", {
    cause: new Error("below", { cause: Object.assign(new Error(code), { code }) }),
  });

test.each([
  [caused("ECONNREFUSED"), "no; start one with `hangar serve`, or name another with --url or HANGAR_URL"],
  [caused("ENOTFOUND"), "no; name a server with --url or HANGAR_URL"],
  [
    new FlightError("unauthenticated", "this server requires credentials"),
    "this server requires credentials; give --token-file, --token or --user, or their variables",
  ],
  [caused("DEPTH_ZERO_SELF_SIGNED_CERT"), "no; name its authority with --tls-ca FILE"],
  [
    new FlightError("unknown", "HTTP 405"),
    "HTTP 405; no Flight server answers there; check the address and the path of --url",
  ],
  [
    new FlightError("permission_denied", "HTTP 403"),
    "HTTP 403; what answers there is no Flight server, such as a proxy that needs a new login; give it as --header or --token",
  ],
  [
    new FlightError("unimplemented", "This path does not exist."),
    "This path does not exist; no Flight server answers there; check the address and the path of --url",
  ],
])("%o becomes %s, once", (reason, message) => {
  const explained = explainConnection(reason);
  expect(explained).toMatchObject({ name: "FlightError", code: reason.code, message });
  expect(explainConnection(explained)).toBe(explained);
});

test.each([[new FlightError("unavailable", "HTTP 503")], [new FlightError("not_found", "x")], [new Error("x")], ["x"]])(
  "%o stays as it is",
  (reason) => {
    expect(explainConnection(reason)).toBe(reason);
  },
);
