/**
 * Authentication and rights: who may call a server, and what a caller may do with which dataset.
 *
 * @module hangar/auth
 */
import "./assert-node-version.ts";
export {
  createAccess,
  createToken,
  hashPassword,
  type Access,
  type AccessConfig,
  type AccessRule,
  type AnonymousAccess,
  type BegunSignIn,
  type CertificateEntry,
  type ClientCertificates,
  type EndedSignIn,
  type JwtIssuer,
  type JwtKeys,
  type OidcProvider,
  type ProviderSignIn,
  type Session,
  type SignIn,
  type SignInOptions,
  type TokenEntry,
  type UserEntry,
} from "../auth/index.ts";
