import { createContextKey, type HandlerContext } from "@connectrpc/connect";
import type { BodyQueue } from "../../flight/index.ts";
import type { ObservedCall } from "../calls/call-observer.ts";
import {
  anonymous,
  type CallContext,
  type CallFacts,
  type ClientCertificate,
  type Identity,
} from "../../producer/index.ts";

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

/** The key of Connect's context, which makes some properties when they are first used. */
const source = Symbol("source");

/** The properties of a context that are made when they are first used. */
const madeLater: PropertyDescriptorMap & ThisType<{ readonly [source]: HandlerContext }> = {
  responseHeader: {
    get() {
      return this[source].responseHeader;
    },
    enumerable: true,
  },
  responseTrailer: {
    get() {
      return this[source].responseTrailer;
    },
    enumerable: true,
  },
  signal: {
    get() {
      return this[source].signal;
    },
    enumerable: true,
  },
};

/**
 * Converts Connect's context of a call to the context for producers.
 *
 * All contexts share their getters. V8 puts a getter of an object literal, and a function that is assigned to a property,
 * among the old objects. So it would keep what it uses, here all of the call, until the next collection of the whole
 * heap.
 */
export function createCallContext(context: HandlerContext): CallContext {
  const { peer, origin } = context.values.get(arrivalKey);
  const observed = context.values.get(observedKey);
  const now = {
    [source]: context,
    identity: context.values.get(identityKey),
    method: methodOf(context),
    peer,
    origin,
    requestHeader: context.requestHeader,
    note: (facts: CallFacts) => observed?.note(facts),
    claimUploadBytes: (byteLength: number) => observed?.claimUploadBytes(byteLength),
    putLimits: observed?.putLimits,
    timeoutMs: context.timeoutMs,
  };
  return Object.defineProperties(now, madeLater) as typeof now & Pick<CallContext, LaterName>;
}

type LaterName = "responseHeader" | "responseTrailer" | "signal";

/** Returns the full name of a call's method. */
export function methodOf({ service, method }: HandlerContext): string {
  return `${service.typeName}/${method.name}`;
}
