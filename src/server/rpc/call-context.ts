import { createContextKey, type HandlerContext } from "@connectrpc/connect";
import type { BodyQueue } from "../../flight/index.ts";
import type { ObservedCall } from "../calls/call-observer.ts";
import { anonymous, type CallContext, type ClientCertificate, type Identity } from "../../producer/index.ts";

/** The origin of a request. */
export interface Sender {
  /** The client's address. */
  readonly peer: string;
  /** This server's address from the client's point of view. */
  readonly origin: URL;
  /** The client's certificate, if the server requested one and the client sent it. */
  readonly clientCertificate?: ClientCertificate | "untrusted" | undefined;
}

/** The properties of a request that the listener knows. They are passed through Connect as a context value. */
export interface Arrival extends Sender {
  /** The bodies that were removed from the request messages; undefined if Connect parses whole messages. */
  readonly requestBodies?: BodyQueue | undefined;
  /** Takes the bodies to send after the response messages; undefined if Connect writes whole messages. */
  readonly responseBodies?: BodyQueue | undefined;
  /** Checks the headers and a message in the URL before they are parsed. */
  readonly checkHead?: (() => Promise<void>) | undefined;
  /** Ends the request's body with an error. Connect itself does not stop to wait for a message at the deadline. */
  readonly failRequest?: ((reason: unknown) => void) | undefined;
}

/** The context key of these properties. */
export const arrivalKey = createContextKey<Arrival>({ peer: "", origin: new URL("http://localhost") });

/** The context key of the caller's identity; set by the request gate. */
export const identityKey = createContextKey<Identity>(anonymous);

/** The context key of the call's observation, which `spliceHandler` starts. */
export const observedKey = createContextKey<ObservedCall | undefined>(undefined);

/** Converts Connect's context of a call to the context for producers. */
export function createCallContext(context: HandlerContext): CallContext {
  const { peer, origin } = context.values.get(arrivalKey);
  const observed = context.values.get(observedKey);
  return {
    identity: context.values.get(identityKey),
    method: methodOf(context),
    peer,
    origin,
    requestHeader: context.requestHeader,
    get responseHeader() {
      return context.responseHeader;
    },
    get responseTrailer() {
      return context.responseTrailer;
    },
    get signal() {
      return context.signal;
    },
    note: (facts) => observed?.note(facts),
    claimUploadBytes: (byteLength) => observed?.claimUploadBytes(byteLength),
    putLimits: observed?.putLimits,
    timeoutMs: context.timeoutMs,
  };
}

/** Returns the full name of a call's method. */
export function methodOf({ service, method }: HandlerContext): string {
  return `${service.typeName}/${method.name}`;
}
