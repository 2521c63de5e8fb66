import { FlightError } from "../../flight/index.ts";
import { anonymous, type Authenticate, type Identity } from "../../producer/index.ts";
import type { Demand, Gatekeeper } from "../../auth/index.ts";
import type { AssertNotForged } from "../http/own-page.ts";
import type { Sender } from "./call-context.ts";

/** A call whose body was not read yet. */
export interface ArrivingCall {
  readonly method: string;
  /** The HTTP method. */
  readonly httpMethod: string;
  readonly header: Headers;
  readonly from: Sender;
}

/**
 * Authenticates the caller of a call before its body is read.
 *
 * @throws FlightError UNAUTHENTICATED or PERMISSION_DENIED
 */
export type Admit = (call: ArrivingCall, demand: Demand) => Promise<Identity>;

/**
 * Creates the admission check for calls of all kinds.
 *
 * @param gatekeeper - decides about the right `admin`
 * @param assertNotForged - refuses pages of other sites that use credentials which the browser sends automatically
 */
export function createAdmission(
  authenticate: Authenticate,
  gatekeeper: Gatekeeper,
  assertNotForged: AssertNotForged,
): Admit {
  return async ({ method, httpMethod, header, from: { peer, origin, clientCertificate } }, demand) => {
    if (demand === "open") return anonymous;
    if (clientCertificate === "untrusted") {
      throw new FlightError("unauthenticated", "the client certificate is not trusted");
    }
    const isRead = httpMethod === "GET" || httpMethod === "HEAD";
    if (!isRead) assertNotForged(header, origin, clientCertificate);
    const identity = await authenticate({ header, peer, method, origin, clientCertificate });
    if (demand === "admin") await gatekeeper.assertMay({ identity, method }, "admin");
    return identity;
  };
}
