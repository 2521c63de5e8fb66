import { fromBinary } from "@bufbuild/protobuf";
import { FlightError } from "../../flight/index.ts";
import { BasicAuthSchema, type HandshakeRequest } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import type { CallContext, FlightProducer } from "../../producer/index.ts";
import { readCredentials } from "./credentials.ts";

/** The time limit of a handshake in milliseconds. The caller is not authenticated until it ends. */
const timeoutMs = 20_000;

/** Exchanges a name and a password for a bearer token. @throws FlightError UNAUTHENTICATED */
export type GiveBearer = (username: string, password: string, peer: string) => Promise<string>;

/**
 * Implements both forms of handshakes. A password in the header `authorization: Basic` is answered with the header
 * `authorization: Bearer` (pyarrow, Java, ADBC, JDBC). A `BasicAuth` in the first message is answered with the bearer
 * token for `auth-token-bin` in the first message (C++ and Go).
 */
export function createHandshake(giveBearer: GiveBearer): NonNullable<FlightProducer["handshake"]> {
  return async function* (context, requests) {
    const credentials = readCredentials(context.requestHeader);
    if (credentials.kind === "basic") {
      setBearer(context, await giveBearer(credentials.username, credentials.password, context.peer));
      return;
    }
    // Java's clients also call Handshake with a token, which has already been checked.
    if (credentials.kind === "bearer") return;
    const { protocolVersion, payload } = await firstOf(requests);
    const { username, password } = readBasicAuth(payload);
    const bearer = await giveBearer(username, password, context.peer);
    setBearer(context, bearer);
    yield { protocolVersion, payload: new TextEncoder().encode(bearer) };
  };
}

function setBearer({ responseHeader }: CallContext, bearer: string): void {
  responseHeader.set("authorization", `Bearer ${bearer}`);
}

async function firstOf(requests: AsyncIterable<HandshakeRequest>): Promise<HandshakeRequest> {
  const iterator = requests[Symbol.asyncIterator]();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(
      new FlightError("deadline_exceeded", `no message of the handshake has arrived for ${timeoutMs / 1000} s`),
    );
  }, timeoutMs);
  try {
    const next = await Promise.race([iterator.next(), late.promise]);
    if (next.done !== true) return next.value;
    throw new FlightError("unauthenticated", "the handshake has neither Basic credentials nor a message");
  } finally {
    clearTimeout(timer);
    void iterator.return?.()?.catch(() => {});
  }
}

/** Decodes the payload of the first message. @throws FlightError UNAUTHENTICATED */
function readBasicAuth(payload: Uint8Array): { readonly username: string; readonly password: string } {
  try {
    return fromBinary(BasicAuthSchema, payload);
  } catch {
    throw new FlightError("unauthenticated", "the payload of the handshake is not a BasicAuth message");
  }
}
