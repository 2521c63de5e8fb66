import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import {
  formatCookie,
  oidcFlowSeconds,
  readCookie,
  type Session,
  type SignIn,
  type SignInOptions,
} from "../../auth/index.ts";
import { FlightError, toFlightError } from "../../flight/index.ts";
import { anonymous, type Identity } from "../../producer/index.ts";
import { readJsonTexts } from "./read-json.ts";
import type { SignInCall } from "./sign-in-endpoint.ts";
import { once } from "../http/once.ts";

/** The handler of a path. */
export interface SignInRoute {
  readonly method: "GET" | "POST";
  act(call: SignInCall): Promise<UniversalServerResponse>;
}

/** The path that the provider redirects the browser to. It must be registered with the provider. */
const callbackPath = "/auth/oidc/callback";

/** All paths of sign-in. */
export const signInRoutes: ReadonlyMap<string, SignInRoute> = new Map<string, SignInRoute>([
  ["/auth/options", { method: "GET", act: async (call) => answerJson(optionsOf(call)) }],
  ["/auth/me", { method: "GET", act: answerMe }],
  ["/auth/sign-in", { method: "POST", act: signIn }],
  ["/auth/sign-out", { method: "POST", act: signOut }],
  ["/auth/oidc/start", { method: "GET", act: startAtProvider }],
  [callbackPath, { method: "GET", act: returnFromProvider }],
]);

function optionsOf({ signIn }: SignInCall): SignInOptions {
  return signIn?.options() ?? { password: false, token: false, provider: false };
}

/** Returns the identity of the caller. The subject is empty for an unknown caller. */
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
  if (call.signIn === undefined) throw new FlightError("unimplemented", "this server has no sign-in");
  const { username, password, token } = await readJsonTexts(request.header, request.body);
  const session = await (token === undefined
    ? call.signIn.withPassword(username ?? "", password ?? "", from.peer)
    : call.signIn.withToken(token, from.peer));
  observed.identity = session.identity;
  const { subject, groups = [] } = session.identity;
  return answerJson({ subject, groups }, sessionCookie(session, baseOf(call)));
}

async function signOut(call: SignInCall): Promise<UniversalServerResponse> {
  call.observed.identity = await findIdentity(call);
  const session = readSession(call);
  const location = session === undefined ? undefined : await call.signIn?.endSession(session, baseOf(call));
  return answerJson(
    { ...(location && { location: location.href }) },
    formatCookie("hangar-session", "", { base: baseOf(call), seconds: 0 }),
  );
}

/** Redirects the browser to the provider. A cookie stores the state that the browser must bring back. */
async function startAtProvider(call: SignInCall): Promise<UniversalServerResponse> {
  const base = baseOf(call);
  const asked = URL.parse(new URL(call.request.url).searchParams.get("return") ?? "", base.href);
  // A link from another site must not redirect to a third site.
  const returnTo = asked?.origin === base.origin ? asked.pathname.replace(/^\/+/, "/") + asked.search : base.pathname;
  const begun = await providerOf(call).begin(new URL(`.${callbackPath}`, base), returnTo);
  return redirect(begun.location.href, [
    formatCookie("hangar-sign-in", begun.flow, { base, seconds: oidcFlowSeconds }),
  ]);
}

/** Completes a sign-in. A refused user is redirected to the sign-in page, which shows the reason. */
async function returnFromProvider(call: SignInCall): Promise<UniversalServerResponse> {
  const { header, url } = call.request;
  const base = baseOf(call);
  const forget = formatCookie("hangar-sign-in", "", { base, seconds: 0 });
  try {
    const flow = readCookie(header, "hangar-sign-in", base);
    const { session, returnTo } = await providerOf(call).end(new URL(url).search, flow);
    call.observed.identity = session.identity;
    return redirect(returnTo, [forget, sessionCookie(session, base)]);
  } catch (reason) {
    const { code, message } = toFlightError(reason);
    if (code !== "unauthenticated" && code !== "unavailable") throw reason;
    return redirect(`${base.pathname}#sign-in=${encodeURIComponent(message)}`, [forget]);
  }
}

function providerOf({ signIn }: SignInCall): NonNullable<ReturnType<SignIn["provider"]>> {
  const provider = signIn?.provider();
  if (provider === undefined) throw new FlightError("unimplemented", "there is no OpenID provider");
  return provider;
}

function baseOf({ baseUrl, from: { origin } }: SignInCall): URL {
  return baseUrl ?? origin;
}

function redirect(location: string, cookies: readonly string[]): UniversalServerResponse {
  const header = new Headers({ location, "cache-control": "no-store", "content-length": "0" });
  for (const cookie of cookies) header.append("set-cookie", cookie);
  return { status: 303, header };
}

/** Formats the session cookie. @throws FlightError INVALID_ARGUMENT if a browser would not store it */
function sessionCookie({ value, expiresAt }: Session, base: URL): string {
  const seconds = Math.max(1, Math.floor((expiresAt - Date.now()) / 1000));
  const cookie = formatCookie("hangar-session", value, { base, seconds });
  if (cookie.length <= cookieBytesMax) return cookie;
  throw new FlightError(
    "invalid_argument",
    "the caller has too many groups for a cookie, which has at most 4096 bytes",
  );
}

/** The maximum size of a cookie that browsers store, in bytes. Source: RFC 6265bis, section 5.6. */
const cookieBytesMax = 4096;

function readSession(call: SignInCall): string | undefined {
  return readCookie(call.request.header, "hangar-session", baseOf(call));
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
