import { ConnectError } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import type { SignIn } from "../../auth/index.ts";
import type { CallObserver, ObservedCall } from "../calls/call-observer.ts";
import { encodeJsonError } from "../http/json-error.ts";
import type { AssertOwnPage } from "../http/own-page.ts";
import type { Admit } from "../rpc/admit.ts";
import type { ByteStreamRequest } from "../rpc/byte-stream-request.ts";
import type { Sender } from "../rpc/call-context.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { signInRoutes } from "./sign-in-routes.ts";
import { once } from "../http/once.ts";

/** The dependencies of the endpoint. */
export interface SignInEndpointOptions {
  /** Undefined if sign-in is not available. */
  readonly signIn: SignIn | undefined;
  /** The server's URL for browsers, with the base path and a slash; by default, as each request has it. */
  readonly baseUrl?: URL | undefined;
  readonly admit: Admit;
  readonly assertOwnPage: AssertOwnPage;
  readonly translator: ErrorTranslator;
  readonly observer: CallObserver;
}

/** One request to the endpoint. */
export interface SignInCall extends Pick<SignInEndpointOptions, "signIn" | "baseUrl" | "admit"> {
  readonly request: ByteStreamRequest;
  readonly from: Sender;
  readonly observed: ObservedCall;
}

/** Returns whether a path belongs to sign-in. */
export function isSignInPath(path: string): boolean {
  return signInRoutes.has(path);
}

/** Returns the handler of the paths below `/auth/`, for signing in and out (docs/sign-in.md). */
export function createSignInEndpoint(options: SignInEndpointOptions): RequestAnswerer {
  const { observer, translator, assertOwnPage } = options;
  return {
    takesStream: false,
    givesStream: false,
    async answer(request, from) {
      const path = new URL(request.url).pathname;
      const { method, act } = signInRoutes.get(path)!;
      if (request.method !== method) {
        return { status: 405, header: new Headers({ allow: method, "content-length": "0" }) };
      }
      const name = `${method} ${path}`;
      const { header, signal } = request;
      const observed = observer.begin({
        method: name,
        protocol: "http",
        peer: from.peer,
        header,
        isQuiet: method === "GET",
      });
      try {
        return await translator.response({ name, observed, signal }, async () => {
          // Checked even without a cookie: another site must not sign a user in or out.
          if (method === "POST") assertOwnPage(header, from.origin);
          return await act({ ...options, request, from, observed });
        });
      } catch (reason) {
        if (signal.aborted || !(reason instanceof ConnectError)) throw reason;
        return answerWithError(reason);
      }
    },
  };
}

function answerWithError(error: ConnectError): UniversalServerResponse {
  const { header, body } = encodeJsonError(error);
  header.set("cache-control", "no-store");
  header.set("content-length", String(body.byteLength));
  return { status: codeToHttpStatus(error.code), header, body: once(body) };
}
