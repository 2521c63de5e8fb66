export * from "./access-config.ts";
export { createAccess, type Access } from "./create-access.ts";
export * from "./guard/index.ts";
export { jwtAlgorithmsDefault } from "./credentials/jwt.ts";
export { hashPassword, parsePasswordHash, type PasswordHash } from "./credentials/password.ts";
export { bearerSecondsDefault } from "./credentials/password-bearer.ts";
export { Sealer, sessionKeyBytesMin } from "./credentials/sealer.ts";
export { createToken } from "./credentials/token.ts";
