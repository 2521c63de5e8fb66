import { FlightError } from "../../flight/index.ts";
import { anonymous, type Authenticate, type Identity } from "../../producer/index.ts";
import type { Demand, Gatekeeper } from "../../auth/index.ts";
import type { Sender } from "./call-context.ts";

/** A call whose body has not been read. */
export interface ArrivingCall {
  readonly method: string;
  readonly header: Headers;
  readonly from: Sender;
}

/** Returns who makes a call, before its body is read. @throws FlightError UNAUTHENTICATED or PERMISSION_DENIED */
export type Admit = (call: ArrivingCall, demand: Demand) => Promise<Identity>;

/**
 * Makes what lets calls of every kind in.
 *
 * @param gatekeeper - decides on the right `admin`
 */
export function createAdmission(authenticate: Authenticate, gatekeeper: Gatekeeper): Admit {
  return async ({ method, header, from: { peer, clientCertificate } }, demand) => {
    if (demand === "open") return anonymous;
    if (clientCertificate === "untrusted") {
      throw new FlightError("unauthenticated", "the client certificate is not trusted");
    }
    const identity = await authenticate({ header, peer, method, clientCertificate });
    if (demand === "admin") await gatekeeper.assertMay({ identity, method }, "admin");
    return identity;
  };
}
