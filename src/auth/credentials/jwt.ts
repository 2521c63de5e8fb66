import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { FlightError } from "../../flight/index.ts";
import type { Identity } from "../../producer/index.ts";
import type { JwtIssuer } from "../access-config.ts";
import { createIssuerKeys } from "./issuer-keys.ts";

/** Signature algorithms with key pairs. The server has only the public keys. */
export const jwtAlgorithmsDefault: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

const clockSkewSecondsDefault = 30;

/** A larger value would accept expired tokens for a long time. */
const clockSkewSecondsMax = 300;

/** The default prefix of subjects and groups. */
export const prefixDefault = "jwt:";

/** A verified token. */
export interface VerifiedToken {
  readonly identity: Identity;
  readonly issuer: string;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface Issuer extends JwtIssuer {
  readonly findKey: JWTVerifyGetKey;
}

/** Verifies the JSON Web Tokens of some issuers. */
export class JwtVerifier {
  readonly #issuers: ReadonlyMap<string, Issuer>;

  /** @throws FlightError INVALID_ARGUMENT if the configuration of an issuer is not safe */
  constructor(issuers: readonly JwtIssuer[]) {
    issuers.forEach(assertSafe);
    const prefixes = new Set(issuers.map(({ prefix = prefixDefault }) => prefix));
    const names = new Set(issuers.map(({ issuer }) => issuer));
    if (prefixes.size < issuers.length || names.size < issuers.length) {
      throw new FlightError("invalid_argument", "issuers of JWTs must have different names and different prefixes");
    }
    this.#issuers = new Map(issuers.map((each) => [each.issuer, { ...each, findKey: createIssuerKeys(each) }]));
  }

  /**
   * Returns the principal of a token.
   *
   * @throws FlightError UNAUTHENTICATED if the token is not valid; UNAVAILABLE if the keys of its issuer are not
   * available
   */
  async verify(token: string): Promise<VerifiedToken> {
    const issuer = this.#issuers.get(issuerOf(token) ?? "");
    if (issuer === undefined) throw invalid("this server does not accept its issuer");
    try {
      const { payload } = await jwtVerify(token, issuer.findKey, {
        issuer: issuer.issuer,
        audience: typeof issuer.audience === "string" ? issuer.audience : [...issuer.audience],
        algorithms: [...(issuer.algorithms ?? jwtAlgorithmsDefault)],
        clockTolerance: issuer.clockSkewSeconds ?? clockSkewSecondsDefault,
        requiredClaims: ["exp"],
      });
      return {
        identity: identityOfClaims(payload, issuer),
        issuer: issuer.issuer,
        expiresAt: 1000 * (payload.exp ?? 0),
      };
    } catch (reason) {
      throw explain(reason, issuer);
    }
  }
}

function assertSafe({ issuer, algorithms = [], clockSkewSeconds = 0, audience }: JwtIssuer): void {
  const what = `issuer ${JSON.stringify(issuer)}`;
  const unknown = algorithms.find((each) => !jwtAlgorithmsDefault.includes(each));
  if (unknown !== undefined) {
    throw new FlightError(
      "invalid_argument",
      `${what} has the algorithm ${JSON.stringify(unknown)}, which is not accepted`,
    );
  }
  if (clockSkewSeconds < 0 || clockSkewSeconds > clockSkewSecondsMax) {
    throw new FlightError("invalid_argument", `the clock skew of ${what} must be 0 to ${clockSkewSecondsMax} seconds`);
  }
  if (audience.length === 0) throw new FlightError("invalid_argument", `${what} has no audience`);
}

/** Reads the issuer of a token before the token is verified. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** The claims that name the caller. */
export type ClaimNames = Pick<JwtIssuer, "subjectClaim" | "groupsClaim" | "prefix">;

/** Returns the identity in claims. @throws FlightError UNAUTHENTICATED if the subject is missing */
export function identityOfClaims(claims: JWTPayload, names: ClaimNames): Identity {
  const { subjectClaim = "sub", groupsClaim, prefix = prefixDefault } = names;
  const subject = claims[subjectClaim];
  if (typeof subject !== "string" || subject === "") throw invalid(`it has no claim ${JSON.stringify(subjectClaim)}`);
  const listed = groupsClaim === undefined ? [] : claims[groupsClaim];
  const groups = (Array.isArray(listed) ? listed : [listed]).filter((each) => typeof each === "string");
  return { subject: prefix + subject, groups: groups.map((group) => prefix + group), claims };
}

/** Errors for clients do not contain the token or its claims. */
function explain(reason: unknown, { issuer }: JwtIssuer): FlightError {
  if (reason instanceof FlightError) return reason;
  if (reason instanceof errors.JWTExpired) return invalid("it has expired", reason);
  if (isTokenError(reason)) return invalid("it is not valid for this server", reason);
  const words = `the keys of issuer ${JSON.stringify(issuer)} cannot be fetched`;
  return new FlightError("unavailable", words, { cause: reason });
}

/** Returns whether a verification failed because of the token. Otherwise its keys could not be fetched. */
export function isTokenError(reason: unknown): boolean {
  const isOfKeys = reason instanceof errors.JWKSTimeout || reason instanceof errors.JWKSInvalid;
  return reason instanceof errors.JOSEError && !isOfKeys && reason.code !== "ERR_JOSE_GENERIC";
}

function invalid(why: string, cause?: unknown): FlightError {
  return new FlightError("unauthenticated", `the token is refused: ${why}`, { cause });
}
