import { serverPath } from "./server.ts";

/** The caller, as the server knows it; an empty subject is an anonymous caller. */
export interface Caller {
  readonly subject: string;
  /** Whether the server has a way to sign in. */
  readonly canSignIn: boolean;
  /** Whether the caller has a session that can end. */
  readonly canSignOut: boolean;
}

/** The ways in which people can sign in. */
export interface SignInOptions {
  readonly password: boolean;
  readonly token: boolean;
  /** By an OpenID provider. */
  readonly provider: boolean;
}

/** What people show to sign in. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly token: string };

/** Asks who calls. A server that does not say has no sign-in. */
export async function readCaller(): Promise<Caller> {
  const nobody = { subject: "", canSignIn: false, canSignOut: false };
  return await fetch(serverPath("auth/me")).then(
    async (response) => (response.ok ? ((await response.json()) as Caller) : nobody),
    () => nobody,
  );
}

/** Asks for the ways to sign in. */
export async function readSignInOptions(): Promise<SignInOptions> {
  return (await (await call("auth/options")).json()) as SignInOptions;
}

/** Signs in. Throws an error whose message is for people. */
export async function signIn(credentials: Credentials): Promise<void> {
  await call("auth/sign-in", credentials);
}

/** Signs out. Returns where to go to sign out at the OpenID provider too. */
export async function signOut(): Promise<string | undefined> {
  const answer = (await (await call("auth/sign-out", {})).json()) as { location?: string };
  return answer.location;
}

async function call(path: string, body?: object): Promise<Response> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(serverPath(path), body && init).catch(() => {
    throw new Error("the server cannot be reached");
  });
  if (response.ok) return response;
  const { message } = (await response.json().catch(() => ({}))) as { message?: string };
  throw new Error(message ?? `the server has answered ${response.status}`);
}
