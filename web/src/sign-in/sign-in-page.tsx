import { useId, useRef, useState, type FormEvent } from "react";
import { readSignInOptions, signIn, type Credentials } from "../api/sign-in.ts";
import { serverPath } from "../api/server.ts";
import { askToSignIn, goOnSignedIn } from "../state/session.ts";
import { useLoad } from "../state/use-load.ts";
import { usePageTitle } from "../ui/use-page-title.ts";
import { Failure, Loading } from "../ui/message.tsx";
import "./sign-in-page.css";

/** What the server says of a sign-in at the provider that did not work. */
const providerError = readProviderError();

function readProviderError(): string | undefined {
  const message = new URLSearchParams(location.hash.slice(1)).get("sign-in");
  if (message === null) return undefined;
  history.replaceState(history.state, "", location.pathname + location.search);
  return toSentence(message);
}

/** Asks for a user name and a password, or for a token. */
export default function SignInPage() {
  const loaded = useLoad("sign-in", readSignInOptions);
  usePageTitle("Sign in", loaded.status !== "loading");
  if (loaded.status === "loading") return <Loading isPage what="the ways to sign in" />;
  if (loaded.status === "failed") return <Failure isPage what="You cannot sign in now" error={loaded.error} />;
  const { password, token, provider } = loaded.value;
  const hasForm = password || token;
  return (
    <main className="sign-in">
      <h1 tabIndex={-1}>Sign in</h1>
      {!hasForm && !provider && <p>This server requires credentials, but does not accept them from this page.</p>}
      <Problem id="provider-error" error={providerError} />
      {provider && (
        <a
          className="button primary"
          href={serverPath(`auth/oidc/start?return=${encodeURIComponent(location.pathname + location.search)}`)}
        >
          Sign in with your organisation
        </a>
      )}
      {provider && hasForm && <p className="or">or</p>}
      {password && <PasswordForm isFirst={!provider} />}
      {password && token && <p className="or">or</p>}
      {token && <TokenForm isFirst={!password && !provider} />}
      <button type="button" className="quiet" onClick={() => askToSignIn(false)}>
        Go on without signing in
      </button>
    </main>
  );
}

function PasswordForm({ isFirst }: { readonly isFirst: boolean }) {
  const { error, isBusy, send, errorId } = useSignIn();
  const submit = (data: FormData): Promise<void> =>
    send({ username: textOf(data, "username"), password: textOf(data, "password") });
  return (
    <form onSubmit={handle(submit)} aria-describedby={errorId}>
      <label>
        User name
        <input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required autoFocus />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <Problem id={errorId} error={error} />
      <button type="submit" className={isFirst ? "primary" : ""} disabled={isBusy}>
        Sign in
      </button>
    </form>
  );
}

function TokenForm({ isFirst }: { readonly isFirst: boolean }) {
  const { error, isBusy, send, errorId } = useSignIn();
  return (
    <form onSubmit={handle((data) => send({ token: textOf(data, "token").trim() }))} aria-describedby={errorId}>
      <label>
        Token
        <input name="token" type="password" autoComplete="off" required autoFocus={isFirst} />
      </label>
      <Problem id={errorId} error={error} />
      <button type="submit" className={isFirst ? "primary" : ""} disabled={isBusy}>
        Sign in with the token
      </button>
    </form>
  );
}

function Problem({ id, error }: { readonly id: string; readonly error: string | undefined }) {
  return (
    <p id={id} role="alert" className="filter-error">
      {error}
    </p>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === "string" ? value : "";
}

function handle(submit: (data: FormData) => Promise<void>): (event: FormEvent<HTMLFormElement>) => void {
  return (event) => {
    event.preventDefault();
    void submit(new FormData(event.currentTarget));
  };
}

/** Sends credentials; one attempt at a time. */
function useSignIn() {
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isSending = useRef(false);
  const errorId = useId();
  const send = async (credentials: Credentials): Promise<void> => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(true);
    setError(undefined);
    try {
      await signIn(credentials);
      await goOnSignedIn();
    } catch (reason) {
      setError(reason instanceof Error ? toSentence(reason.message) : "Signing in did not work.");
    } finally {
      isSending.current = false;
      setBusy(false);
    }
  };
  return { error, isBusy, send, errorId };
}

function toSentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
