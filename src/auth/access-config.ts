import type { JSONWebKeySet } from "jose";
import type { Right } from "../producer/index.ts";

/** What a caller without credentials may do: nothing, read every dataset, or everything. */
export type AnonymousAccess = (typeof anonymousAccesses)[number];

/** The choices of `AnonymousAccess`. */
export const anonymousAccesses = ["none", "read", "all"] as const;

/** A static bearer token. */
export interface TokenEntry {
  /** The principal that the token stands for. Several tokens may have one name, while one takes the place of another. */
  readonly name: string;
  /** The SHA-256 of the token, 64 hexadecimal digits, as `createToken` and `sha256sum` give it. */
  readonly sha256: string;
  readonly groups?: readonly string[] | undefined;
  /** From when on it is refused; never, where left out. */
  readonly expires?: Date | undefined;
}

/** A user with a password. */
export interface UserEntry {
  readonly name: string;
  /** A hash of the password, as `hashPassword` gives it: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
  readonly password: string;
  readonly groups?: readonly string[] | undefined;
}

/** Where the keys of an issuer are: given, at an address, or where the issuer's OpenID configuration says. */
export type JwtKeys = { readonly jwks: JSONWebKeySet } | { readonly jwksUri: string } | { readonly discovery: true };

/** An issuer of JSON Web Tokens whose word counts. */
export interface JwtIssuer {
  /** What the claim `iss` must be. */
  readonly issuer: string;
  /** What the claim `aud` must be, or one of which it must have. */
  readonly audience: string | readonly string[];
  readonly keys: JwtKeys;
  /** The signatures that are taken; `jwtAlgorithmsDefault` where left out. HMAC and `none` are refused. */
  readonly algorithms?: readonly string[] | undefined;
  /** By how much clocks may differ, in seconds; 30 where left out. */
  readonly clockSkewSeconds?: number | undefined;
  /** The claim that names the caller; `sub` where left out. */
  readonly subjectClaim?: string | undefined;
  /** The claim that lists the caller's groups; none where left out. */
  readonly groupsClaim?: string | undefined;
  /**
   * Stands before the subject and the groups of this issuer, so that it cannot name a user of another kind; `jwt:` where
   * left out. Several issuers must have different ones.
   */
  readonly prefix?: string | undefined;
}

/** Whom a client certificate stands for. */
export interface CertificateEntry {
  /**
   * What the certificate must have: its whole subject, such as `CN=ali, O=Example`, or one of its alternative names, such
   * as `URI:spiffe://example/ali`, `DNS:ali.example` or `email:ali@example`.
   */
  readonly match: string;
  /** The principal. */
  readonly name: string;
  readonly groups?: readonly string[] | undefined;
}

/** Client certificates that are asked for, under TLS. */
export interface ClientCertificates {
  /** The certificates in PEM that vouch for clients'. */
  readonly ca: string | Buffer;
  /** Who they stand for. One that matches none of them is refused. */
  readonly principals: readonly CertificateEntry[];
}

/** Gives rights on datasets to principals. A caller may do what any rule allows. */
export interface AccessRule {
  /** Principals, by name; `*` for every caller who has shown credentials. */
  readonly subjects?: readonly string[] | undefined;
  /** Groups, by name: whoever is in one of them. */
  readonly groups?: readonly string[] | undefined;
  readonly rights: readonly Right[];
  /** Globs of the datasets' names, as in `compileGlob`; `**` is every dataset. The right `admin` needs none. */
  readonly datasets: readonly string[];
}

/** Who may call a server, and do what. */
export interface AccessConfig {
  readonly anonymous: AnonymousAccess;
  readonly tokens?: readonly TokenEntry[] | undefined;
  readonly users?: readonly UserEntry[] | undefined;
  readonly jwt?: readonly JwtIssuer[] | undefined;
  readonly clientCertificates?: ClientCertificates | undefined;
  /** Without rules, every caller who has shown credentials may do everything; `jwt` needs rules. */
  readonly rules?: readonly AccessRule[] | undefined;
  /**
   * The key that seals what clients are given for a password, at least 32 bytes: servers that have the same one take each
   * other's. Made at start where left out.
   */
  readonly sessionKey?: Uint8Array | undefined;
  /** For how long the bearer token that a handshake gives is good, in seconds; 12 hours where left out. */
  readonly bearerSeconds?: number | undefined;
}
