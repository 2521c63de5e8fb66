import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { formatCookie, readCookie, type Session, type SignInOptions } from "../../auth/index.ts";
import { FlightError, toFlightError } from "../../flight/index.ts";
import { anonymous, type Identity } from "../../producer/index.ts";
import { readJsonTexts } from "./read-json.ts";
import type { SignInCall } from "./sign-in-endpoint.ts";

/** What is done at a path. */
export interface SignInRoute {
  readonly method: "GET" | "POST";
  act(call: SignInCall): Promise<UniversalServerResponse>;
}

/** Every path of sign-in. */
export const signInRoutes: ReadonlyMap<string, SignInRoute> = new Map<string, SignInRoute>([
  ["/auth/options", { method: "GET", act: async (call) => answerJson(optionsOf(call)) }],
  ["/auth/me", { method: "GET", act: answerMe }],
  ["/auth/sign-in", { method: "POST", act: signIn }],
  ["/auth/sign-out", { method: "POST", act: signOut }],
]);

function optionsOf({ signIn }: SignInCall): SignInOptions {
  return signIn?.options() ?? { password: false, token: false };
}

/** Says who the caller is; with an empty subject, nobody that the server knows. */
async function answerMe(call: SignInCall): Promise<UniversalServerResponse> {
  const { subject, groups = [] } = await findIdentity(call);
  const canSignIn = Object.values(optionsOf(call)).includes(true);
  const canSignOut = subject !== "" && readSession(call) !== undefined;
  return answerJson({ subject, groups, canSignIn, canSignOut });
}

async function findIdentity({ admit, request: { method, header }, from }: SignInCall): Promise<Identity> {
  try {
    return await admit({ method: "GET /auth/me", httpMethod: method, header, from }, "caller");
  } catch (reason) {
    if (toFlightError(reason).code !== "unauthenticated") throw reason;
    return anonymous;
  }
}

async function signIn(call: SignInCall): Promise<UniversalServerResponse> {
  const { request, from, observed } = call;
  if (call.signIn === undefined) throw new FlightError("unimplemented", "nobody can sign in here");
  const { username, password, token } = await readJsonTexts(request.header, request.body);
  const session = await (token === undefined
    ? call.signIn.withPassword(username ?? "", password ?? "", from.peer)
    : call.signIn.withToken(token, from.peer));
  observed.identity = session.identity;
  const { subject, groups = [] } = session.identity;
  return answerJson({ subject, groups }, sessionCookie(session, isSecure(call)));
}

async function signOut(call: SignInCall): Promise<UniversalServerResponse> {
  call.observed.identity = await findIdentity(call);
  return answerJson({}, formatCookie("hangar-session", "", { isSecure: isSecure(call), seconds: 0 }));
}

/** @throws FlightError INVALID_ARGUMENT if a browser would not keep the cookie */
function sessionCookie({ value, expiresAt }: Session, isSecure: boolean): string {
  const seconds = Math.max(1, Math.floor((expiresAt - Date.now()) / 1000));
  const cookie = formatCookie("hangar-session", value, { isSecure, seconds });
  if (cookie.length <= cookieBytesMax) return cookie;
  throw new FlightError(
    "invalid_argument",
    "the caller has too many groups for a cookie, which has at most 4096 bytes",
  );
}

/** The largest cookie that browsers keep, in bytes. Source: RFC 6265bis, section 5.6. */
const cookieBytesMax = 4096;

function readSession(call: SignInCall): string | undefined {
  return readCookie(call.request.header, "hangar-session", isSecure(call));
}

function isSecure({ from: { origin } }: SignInCall): boolean {
  return origin.protocol === "https:";
}

function answerJson(value: unknown, cookie?: string): UniversalServerResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const header = new Headers({
    "content-type": "application/json",
    "content-length": String(bytes.byteLength),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  if (cookie !== undefined) header.append("set-cookie", cookie);
  return { status: 200, header, body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
