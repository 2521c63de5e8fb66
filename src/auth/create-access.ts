import { FlightError } from "../flight/index.ts";
import type { Authenticate, Authorize, FlightProducer } from "../producer/index.ts";
import type { AccessConfig } from "./access-config.ts";
import { Authenticator } from "./authenticator.ts";
import { createHandshake } from "./credentials/handshake.ts";
import { prefixDefault } from "./credentials/jwt.ts";
import { sessionKeyBytesMin } from "./credentials/sealer.ts";
import { createAuthorize } from "./rules.ts";
import { OidcSignIn } from "./sign-in/oidc-sign-in.ts";
import type { SignIn } from "./sign-in/sign-in.ts";

/** The options of `createFlightServer` for authentication and rights. */
export interface Access {
  /** Authenticates callers. */
  readonly authenticate: Authenticate;
  /** Decides about rights. */
  readonly authorize: Authorize;
  /** Exchanges passwords for bearer tokens; undefined if there are no users. */
  readonly handshake: FlightProducer["handshake"];
  /** Exchanges credentials for sessions of browsers. */
  readonly signIn: SignIn;
}

/**
 * Creates authentication and rights from a configuration.
 *
 * @throws FlightError INVALID_ARGUMENT if the configuration is not valid. The message contains no secret.
 */
export function createAccess(config: AccessConfig): Access {
  assertConsistent(config);
  assertOidcApart(config);
  const authenticator = new Authenticator(config);
  const { tokens = [], users = [], jwt = [] } = config;
  const hasUsers = users.length > 0;
  const provider = config.oidc && new OidcSignIn(config.oidc, authenticator.sessions, config.sessionKey);
  return {
    authenticate: async (request) => await authenticator.authenticate(request),
    authorize: createAuthorize(config),
    handshake: hasUsers ? createHandshake(async (...given) => await authenticator.giveBearer(...given)) : undefined,
    signIn: {
      options: () => ({
        password: hasUsers,
        token: tokens.length > 0 || jwt.length > 0,
        provider: provider !== undefined,
      }),
      withPassword: async (...given) => await authenticator.beginByPassword(...given),
      withToken: async (...given) => await authenticator.beginByToken(...given),
      provider: () => provider,
      endSession: async (session, returnTo) => {
        const { issuer } = (await authenticator.sessions.open(session)) ?? {};
        return issuer !== undefined && issuer === config.oidc?.issuer
          ? await provider?.endSession(returnTo)
          : undefined;
      },
    },
  };
}

/** Asserts that the provider's names cannot be confused with those of another issuer. */
function assertOidcApart({ oidc, jwt = [], rules = [] }: AccessConfig): void {
  if (oidc === undefined) return;
  if (rules.length === 0) throw new FlightError("invalid_argument", "an OpenID provider needs rules");
  const prefixOf = ({ prefix = prefixDefault }: { readonly prefix?: string | undefined }): string => prefix;
  for (const each of jwt) {
    if ((each.issuer === oidc.issuer) === (prefixOf(each) === prefixOf(oidc))) continue;
    throw new FlightError(
      "invalid_argument",
      "the OpenID provider must share its prefix with its own issuer, and no other",
    );
  }
}

function assertConsistent({ jwt = [], rules = [], users = [], sessionKey, bearerSeconds = 1 }: AccessConfig): void {
  if (jwt.length > 0 && rules.length === 0) {
    throw new FlightError("invalid_argument", "JWTs need rules: without them, whoever has a token could do everything");
  }
  if (new Set(users.map(({ name }) => name)).size < users.length) {
    throw new FlightError("invalid_argument", "two users have the same name");
  }
  if (sessionKey !== undefined && sessionKey.byteLength < sessionKeyBytesMin) {
    throw new FlightError("invalid_argument", `the session key must have at least ${sessionKeyBytesMin} bytes`);
  }
  if (!(bearerSeconds > 0))
    throw new FlightError("invalid_argument", "the lifetime of bearer tokens must be more than 0 seconds");
}
