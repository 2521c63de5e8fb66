import { createLocalJWKSet, createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from "jose";
import { FlightError } from "../../flight/index.ts";
import type { JwtIssuer } from "../access-config.ts";

/** The time limit for responses of an issuer, in milliseconds. */
export const fetchTimeoutMs = 5_000;

/** The maximum size of an issuer's response in bytes: some hundred keys. */
const answerBytesMax = 256 * 1024;

/**
 * The minimum interval between requests to an issuer for its keys, in milliseconds, even if tokens have unknown keys.
 */
const cooldownMs = 30_000;

/**
 * How long keys are used before they are requested again, in milliseconds. After that, a withdrawn key has an effect.
 */
const keysLifeMs = 600_000;

/**
 * Returns a function that finds an issuer's keys. Nothing is requested before the first token of the issuer arrives.
 */
export function createIssuerKeys({ issuer, keys }: JwtIssuer): JWTVerifyGetKey {
  if ("jwks" in keys) return createLocalJWKSet(keys.jwks);
  if ("jwksUri" in keys) return createRemoteKeys(toIssuerUrl(keys.jwksUri, issuer));
  const configuration = toIssuerUrl(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, issuer);
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  let retryAt = 0;
  return async (header, token) => {
    if (discovered === undefined || (retryAt > 0 && Date.now() >= retryAt)) {
      retryAt = 0;
      discovered = discover(configuration, issuer);
      discovered.catch(() => (retryAt = Date.now() + cooldownMs));
    }
    return await (
      await discovered
    )(header, token);
  };
}

/**
 * Returns a function that finds keys at a URL. It requests them again for an unknown key, but not within the cooldown.
 */
export function createRemoteKeys(url: URL, cooldownDuration = cooldownMs): JWTVerifyGetKey {
  return createRemoteJWKSet(url, {
    timeoutDuration: fetchTimeoutMs,
    cooldownDuration,
    cacheMaxAge: keysLifeMs,
    [customFetch]: fetchBounded,
  });
}

/**
 * Requests the issuer's configuration. Source: OpenID Connect Discovery 1.0, section 4.
 *
 * @throws FlightError UNAVAILABLE
 */
async function discover(configuration: URL, issuer: string): Promise<JWTVerifyGetKey> {
  let found: { readonly issuer?: unknown; readonly jwks_uri?: unknown };
  try {
    const response = await fetchBounded(configuration.href, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    found = (await response.json()) as typeof found;
  } catch (reason) {
    throw unavailable(issuer, "its OpenID configuration cannot be fetched", reason);
  }
  if (found.issuer !== issuer) throw unavailable(issuer, "its OpenID configuration is of another issuer");
  if (typeof found.jwks_uri !== "string") throw unavailable(issuer, "its OpenID configuration names no keys");
  return createRemoteKeys(toIssuerUrl(found.jwks_uri, issuer));
}

/** Fetches a response of limited size. It does not follow redirects, so keys come only from the configured address. */
export async function fetchBounded(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: "error" });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let byteLength = 0;
  for await (const chunk of response.body ?? []) {
    byteLength += chunk.byteLength;
    if (byteLength > answerBytesMax) throw new Error(`the answer is longer than ${answerBytesMax} bytes`);
    chunks.push(chunk as Uint8Array<ArrayBuffer>);
  }
  return new Response(new Blob(chunks), { status: response.status, headers: response.headers });
}

/**
 * Parses an issuer's URL. Keys over plain HTTP could be forged, except on loopback.
 *
 * @throws FlightError INVALID_ARGUMENT
 */
export function toIssuerUrl(text: string, issuer: string): URL {
  const url = URL.parse(text);
  const isLocal = url?.protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === "https:" || isLocal)) return url;
  throw new FlightError(
    "invalid_argument",
    `the keys of issuer ${JSON.stringify(issuer)} must be at an https:// address`,
  );
}

function unavailable(issuer: string, why: string, cause?: unknown): FlightError {
  return new FlightError("unavailable", `the keys of issuer ${JSON.stringify(issuer)} are not known: ${why}`, {
    cause,
  });
}
