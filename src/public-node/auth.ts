/**
 * Authentication and rights: who may call a server, and what a caller may do with which dataset.
 *
 * @module hangar/auth
 */
export {
  createAccess,
  createToken,
  hashPassword,
  type Access,
  type AccessConfig,
  type AccessRule,
  type AnonymousAccess,
  type CertificateEntry,
  type ClientCertificates,
  type JwtIssuer,
  type JwtKeys,
  type OidcProvider,
  type Session,
  type SignIn,
  type SignInOptions,
  type TokenEntry,
  type UserEntry,
} from "../auth/index.ts";
