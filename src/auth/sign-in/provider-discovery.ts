import type { JWTVerifyGetKey } from "jose";
import * as openid from "openid-client";
import { FlightError } from "../../flight/index.ts";
import type { OidcProvider } from "../access-config.ts";
import { createRemoteKeys, fetchBounded, fetchTimeoutMs, toIssuerUrl } from "../credentials/issuer-keys.ts";

/** How long the provider's configuration is used before it is requested again, in milliseconds. */
const discoveryLifeMs = 600_000;

/**
 * The minimum interval between requests for the provider's keys, in milliseconds. It is zero, because an unknown key can
 * only be in a token of the provider itself. So a new key has an effect at once.
 */
const keysCooldownMs = 0;

/** A provider whose configuration has been read. */
export interface DiscoveredProvider {
  readonly configuration: openid.Configuration;
  /** Finds the key of an ID token. The keys are requested when they are needed. */
  readonly findKey: JWTVerifyGetKey;
}

/** Reads the configuration of an OpenID provider, and keeps it for some time. */
export class ProviderDiscovery {
  readonly #provider: OidcProvider;
  #current: { readonly found: Promise<DiscoveredProvider>; readonly until: number } | undefined;

  /** Checks the issuer's URL. @throws FlightError INVALID_ARGUMENT if it is not https */
  constructor(provider: OidcProvider) {
    toIssuerUrl(provider.issuer, provider.issuer);
    this.#provider = provider;
  }

  /** Returns the provider. @throws FlightError UNAVAILABLE if it does not answer */
  async get(): Promise<DiscoveredProvider> {
    if (this.#current === undefined || this.#current.until < Date.now()) {
      this.#current = { found: discover(this.#provider), until: Date.now() + discoveryLifeMs };
    }
    try {
      return await this.#current.found;
    } catch (cause) {
      this.#current = undefined;
      throw providerUnavailable(cause);
    }
  }
}

/** Returns the error for a provider that does not answer, or not as it should. */
export function providerUnavailable(cause: unknown): FlightError {
  return new FlightError("unavailable", "the OpenID provider does not answer", { cause });
}

async function discover({ issuer, clientId, clientSecret }: OidcProvider): Promise<DiscoveredProvider> {
  const url = new URL(issuer);
  const authentication = clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(clientSecret);
  const configuration = await openid.discovery(url, clientId, undefined, authentication, {
    // `toIssuerUrl` allows http only on loopback.
    execute: url.protocol === "http:" ? [openid.allowInsecureRequests] : [],
    timeout: fetchTimeoutMs / 1000,
    [openid.customFetch]: async (address, init) => await fetchBounded(address, init as RequestInit),
  });
  const keysUrl = toIssuerUrl(configuration.serverMetadata().jwks_uri ?? "", issuer);
  return { configuration, findKey: createRemoteKeys(keysUrl, keysCooldownMs) };
}
