export * from "./access-config.ts";
export { hashPassword, parsePasswordHash, type PasswordHash } from "./password.ts";
export { createToken } from "./token.ts";
