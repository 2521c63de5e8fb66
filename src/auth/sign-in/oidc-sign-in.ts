import { compactVerify } from "jose";
import * as openid from "openid-client";
import { FlightError } from "../../flight/index.ts";
import type { OidcProvider } from "../access-config.ts";
import { identityOfClaims, isTokenError, jwtAlgorithmsDefault } from "../credentials/jwt.ts";
import { Sealer } from "../credentials/sealer.ts";
import { ProviderDiscovery, providerUnavailable, type DiscoveredProvider } from "./provider-discovery.ts";
import type { Sessions } from "./sessions.ts";
import type { BegunSignIn, EndedSignIn, ProviderSignIn } from "./sign-in.ts";

/** The time limit for signing in at the provider, in seconds. */
export const oidcFlowSeconds = 600;

/**
 * The authorization code flow with PKCE. Servers store no state: a sealed cookie contains state, nonce and verifier.
 */
export class OidcSignIn implements ProviderSignIn {
  readonly #provider: OidcProvider;
  readonly #sessions: Sessions;
  readonly #sealer: Sealer;
  readonly #discovery: ProviderDiscovery;

  /** Checks the issuer's URL. @throws FlightError INVALID_ARGUMENT if it is not https */
  constructor(provider: OidcProvider, sessions: Sessions, key: Uint8Array | undefined) {
    this.#discovery = new ProviderDiscovery(provider);
    this.#provider = provider;
    this.#sessions = sessions;
    this.#sealer = new Sealer("hangar sign-in", key);
  }

  async begin(redirectUri: URL, returnTo: string): Promise<BegunSignIn> {
    const { configuration } = await this.#discovery.get();
    const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
    const location = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri.href,
      scope: [...new Set(["openid", ...(this.#provider.scopes ?? [])])].join(" "),
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    const payload = { state, nonce, verifier, returnTo, redirectUri: redirectUri.href };
    return { location, flow: await this.#sealer.seal(payload, new Date(Date.now() + 1000 * oidcFlowSeconds)) };
  }

  async end(search: string, flow: string | undefined): Promise<EndedSignIn> {
    const payload = flow === undefined ? undefined : await this.#sealer.open(flow);
    if (payload === undefined) throw refused("the sign-in was not begun in this browser, or took too long");
    const { state, nonce, verifier, returnTo, redirectUri } = payload as Record<string, string>;
    const url = new URL(search, redirectUri);
    const discovered = await this.#discovery.get();
    const { configuration } = discovered;
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, url, {
        pkceCodeVerifier: verifier!,
        expectedState: state!,
        expectedNonce: nonce!,
        idTokenExpected: true,
      });
      await assertSigned(tokens.id_token ?? "", discovered);
      const claims = await this.#completeClaims(configuration, tokens);
      const identity = identityOfClaims(claims, this.#provider);
      return { session: await this.#sessions.ofIssuer(this.#provider.issuer, identity), returnTo: returnTo! };
    } catch (reason) {
      throw reason instanceof FlightError ? reason : refused(explain(reason));
    }
  }

  /** Returns the claims of the ID token. If a required claim is missing, the claims of the user info are added. */
  async #completeClaims(
    configuration: openid.Configuration,
    tokens: openid.TokenEndpointResponse & openid.TokenEndpointResponseHelpers,
  ): Promise<openid.IDToken> {
    const claims = tokens.claims();
    if (claims === undefined) throw refused("the provider gave no ID token");
    const { subjectClaim = "sub", groupsClaim } = this.#provider;
    const isWhole = [subjectClaim, groupsClaim].every((name) => name === undefined || name in claims);
    if (isWhole || configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
    const info = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    return { ...info, ...claims };
  }

  /** Returns the URL that ends the provider's session; undefined if it is not known. */
  async endSession(returnTo: URL): Promise<URL | undefined> {
    const { configuration } = (await this.#discovery.get().catch(() => undefined)) ?? {};
    if (configuration?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return openid.buildEndSessionUrl(configuration, {
      client_id: this.#provider.clientId,
      post_logout_redirect_uri: returnTo.href,
    });
  }
}

/**
 * Asserts that a key of the provider has signed an ID token. OpenID Connect Core, section 3.1.3.7, does not require this
 * for a token that comes over TLS. It protects against whoever can answer in place of the token endpoint only.
 *
 * @throws FlightError UNAVAILABLE if the keys cannot be fetched; UNAUTHENTICATED
 */
async function assertSigned(idToken: string, { findKey }: DiscoveredProvider): Promise<void> {
  try {
    await compactVerify(idToken, findKey, { algorithms: [...jwtAlgorithmsDefault] });
  } catch (reason) {
    if (!isTokenError(reason)) throw providerUnavailable(reason);
    throw refused("no key of the provider has signed the ID token");
  }
}

/** Returns the reason of an error, without the response: its message and its cause may contain parts of it. */
function explain(reason: unknown): string {
  if (reason instanceof openid.AuthorizationResponseError && reason.error === "access_denied") {
    return "the provider has refused it";
  }
  return "the answer of the provider is not valid";
}

function refused(why: string): FlightError {
  return new FlightError("unauthenticated", `the sign-in is refused: ${why}`);
}
