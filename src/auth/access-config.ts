import type { JSONWebKeySet } from "jose";
import type { Right } from "../producer/index.ts";

/** The rights of a caller without credentials: none, to read every dataset, or all. */
export type AnonymousAccess = "none" | "read" | "all";

/** All values of `AnonymousAccess`. */
export const anonymousAccesses: readonly AnonymousAccess[] = ["none", "read", "all"];

/** A static bearer token. */
export interface TokenEntry {
  /** The principal of the token. Several tokens may have the same name, for example while one replaces another. */
  readonly name: string;
  /** The SHA-256 of the token, 64 hexadecimal digits, as `createToken` and `sha256sum` return it. */
  readonly sha256: string;
  /** The groups of the principal; none by default. */
  readonly groups?: readonly string[] | undefined;
  /** The time from which the token is refused; never by default. */
  readonly expires?: Date | undefined;
}

/** A user with a password. */
export interface UserEntry {
  /** The user name, which is also the principal. */
  readonly name: string;
  /** The hash of the password, as `hashPassword` returns it: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
  readonly password: string;
  /** The groups of the user; none by default. */
  readonly groups?: readonly string[] | undefined;
}

/**
 * The source of an issuer's keys: the configuration, an address, or the address in the issuer's OpenID configuration.
 */
export type JwtKeys = { readonly jwks: JSONWebKeySet } | { readonly jwksUri: string } | { readonly discovery: true };

/** A trusted issuer of JSON Web Tokens. */
export interface JwtIssuer {
  /** The required value of the claim `iss`. */
  readonly issuer: string;
  /** The required value of the claim `aud`, or several values, one of which is required. */
  readonly audience: string | readonly string[];
  /** The keys of the issuer. */
  readonly keys: JwtKeys;
  /** The accepted signature algorithms; by default, all of RSA, ECDSA and EdDSA. HMAC and `none` are never accepted. */
  readonly algorithms?: readonly string[] | undefined;
  /** The largest difference between the clocks, in seconds; 30 by default, at most 300. */
  readonly clockSkewSeconds?: number | undefined;
  /** The claim with the name of the caller; `sub` by default. */
  readonly subjectClaim?: string | undefined;
  /** The claim with the caller's groups, a list of strings; none by default. */
  readonly groupsClaim?: string | undefined;
  /**
   * The prefix of all subjects and groups of this issuer; `jwt:` by default. With it, the issuer cannot name a user of
   * another kind. Two issuers must not have the same prefix.
   */
  readonly prefix?: string | undefined;
}

/** An OpenID provider for signing in to the web app. */
export interface OidcProvider {
  /** The issuer's address. It must be https, except on loopback. */
  readonly issuer: string;
  /** The name of this server at the provider. */
  readonly clientId: string;
  /** The secret of this server at the provider; none by default. */
  readonly clientSecret?: string | undefined;
  /** The requested scopes, besides `openid`. */
  readonly scopes?: readonly string[] | undefined;
  /** The claim with the name of the caller; `sub` by default. */
  readonly subjectClaim?: string | undefined;
  /** The claim with the caller's groups, a list of strings; none by default. */
  readonly groupsClaim?: string | undefined;
  /** The prefix of all subjects and groups, as in `JwtIssuer`; `jwt:` by default. Only the same issuer may share it. */
  readonly prefix?: string | undefined;
}

/** The principal of a client certificate. */
export interface CertificateEntry {
  /**
   * The whole subject of the certificate, such as `O=Example, CN=ali`, or one of its alternative names, such as
   * `URI:spiffe://example/ali`, `DNS:ali.example` or `email:ali@example`.
   */
  readonly match: string;
  /** The principal. */
  readonly name: string;
  /** The groups of the principal; none by default. */
  readonly groups?: readonly string[] | undefined;
}

/** Client certificates. They need TLS. */
export interface ClientCertificates {
  /**
   * The certificate authorities that sign client certificates, in PEM. Pass them to the server too, as `tls.clientCa`.
   */
  readonly ca: string | Buffer;
  /** The principals of the certificates. A certificate without a principal is refused. */
  readonly principals: readonly CertificateEntry[];
}

/** A rule that gives rights to principals. A caller has the rights of all rules together. */
export interface AccessRule {
  /** Names of principals; `*` is every caller with credentials. */
  readonly subjects?: readonly string[] | undefined;
  /** Names of groups. */
  readonly groups?: readonly string[] | undefined;
  /** The rights. */
  readonly rights: readonly Right[];
  /**
   * Globs of dataset names, such as `sales/**`; `**` is every dataset. A rule with only the right `admin` needs none.
   */
  readonly datasets: readonly string[];
}

/** The configuration of authentication and rights. */
export interface AccessConfig {
  /** The rights of callers without credentials. Callers with credentials have them too. */
  readonly anonymous: AnonymousAccess;
  /** Static bearer tokens; none by default. */
  readonly tokens?: readonly TokenEntry[] | undefined;
  /** Users with passwords; none by default. */
  readonly users?: readonly UserEntry[] | undefined;
  /** Trusted issuers of JSON Web Tokens; none by default. */
  readonly jwt?: readonly JwtIssuer[] | undefined;
  /** The OpenID provider for people; none by default. */
  readonly oidc?: OidcProvider | undefined;
  /** Client certificates; not accepted by default. */
  readonly clientCertificates?: ClientCertificates | undefined;
  /** The rules. Without rules, every caller with credentials has all rights. With `jwt`, rules are required. */
  readonly rules?: readonly AccessRule[] | undefined;
  /**
   * The key that seals the tokens that users get for their passwords, at least 32 bytes. Servers with the same key
   * accept each other's tokens. By default, a random key.
   */
  readonly sessionKey?: Uint8Array | undefined;
  /** The lifetime of the token that a handshake returns, in seconds; 12 hours by default. */
  readonly bearerSeconds?: number | undefined;
}
