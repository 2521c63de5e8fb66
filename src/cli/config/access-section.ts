import {
  parsePasswordHash,
  type AccessConfig,
  type AccessRule,
  type CertificateEntry,
  type ClientCertificates,
  type JwtIssuer,
  type JwtKeys,
  type OidcProvider,
  type TokenEntry,
  type UserEntry,
} from "../../auth/index.ts";
import { compileGlob } from "../../dataset/index.ts";
import { rights } from "../../producer/index.ts";
import type { ReferencedFiles } from "./referenced-files.ts";
import { needSecret, readSecret } from "./secret.ts";
import type { TomlTable, TomlValue } from "./toml-value.ts";

/** The access section of a configuration. Anonymous access is a flag outside of it. */
export type AccessSection = Omit<AccessConfig, "anonymous">;

/** The maximum clock skew and the maximum lifetime of a bearer token, in seconds: an hour, and 31 days. */
const clockSkewSecondsMax = 3600;
const bearerSecondsMax = 31 * 24 * 3600;

/** The minimum length of the key that seals sessions, in bytes: an AES-256 key. */
const sessionKeyBytesMin = 32;

/** Reads the access settings from the top level of a configuration. */
export function readAccess(top: TomlTable, files: ReferencedFiles): AccessSection {
  return {
    tokens: top.get("tokens")?.tables((table) => readToken(table, files)),
    users: top.get("users")?.tables((table) => readUser(table, files)),
    jwt: top.get("jwt")?.tables((table) => readIssuer(table, files)),
    oidc: top.get("oidc")?.table((table) => readProvider(table, files)),
    clientCertificates: top.get("client-certificates")?.table((table) => readCertificates(table, files)),
    rules: top.get("rules")?.tables(readRule),
    sessionKey: readSessionKey(top, files),
    bearerSeconds: top.get("bearer-seconds")?.integer(1, bearerSecondsMax),
  };
}

function readToken(table: TomlTable, files: ReferencedFiles): TokenEntry {
  const name = table.need("name").text();
  const { text: sha256, source } = needSecret(table, "sha256", files);
  if (!/^[0-9a-f]{64}$/i.test(sha256)) source.fail("must be 64 hexadecimal digits, as `hangar token new` prints them");
  return { name, sha256, groups: table.get("groups")?.texts(), expires: table.get("expires")?.time() };
}

function readUser(table: TomlTable, files: ReferencedFiles): UserEntry {
  const name = table.need("name").text();
  if (name.includes(":")) table.need("name").fail("must have no colon");
  const { text: password, source } = needSecret(table, "password", files);
  try {
    parsePasswordHash(password);
  } catch {
    source.fail("must be a hash of a password, as `hangar password` prints it");
  }
  return { name, password, groups: table.get("groups")?.texts() };
}

function readIssuer(table: TomlTable, files: ReferencedFiles): JwtIssuer {
  return {
    issuer: table.need("issuer").text(),
    audience: readTextOrTexts(table.need("audience")),
    keys: readKeys(table, files),
    algorithms: table.get("algorithms")?.texts(),
    clockSkewSeconds: table.get("clock-skew-seconds")?.integer(0, clockSkewSecondsMax),
    subjectClaim: table.get("subject-claim")?.text(),
    groupsClaim: table.get("groups-claim")?.text(),
    prefix: table.get("prefix")?.text(),
  };
}

/** The keys of an issuer: from a URL, from a file, or from its OpenID configuration. */
function readProvider(table: TomlTable, files: ReferencedFiles): OidcProvider {
  return {
    issuer: table.need("issuer").text(),
    clientId: table.need("client-id").text(),
    clientSecret: readSecret(table, "client-secret", files)?.text,
    scopes: table.get("scopes")?.texts(),
    subjectClaim: table.get("subject-claim")?.text(),
    groupsClaim: table.get("groups-claim")?.text(),
    prefix: table.get("prefix")?.text(),
  };
}

function readKeys(table: TomlTable, files: ReferencedFiles): JwtKeys {
  const uri = table.get("jwks-uri");
  const file = table.get("jwks-file");
  if (uri && file) file.fail("is one too many: give only one of jwks-uri and jwks-file");
  if (uri) return URL.canParse(uri.text()) ? { jwksUri: uri.text() } : uri.fail("must be an address");
  if (file === undefined) return { discovery: true };
  try {
    const jwks: unknown = JSON.parse(files.read(file).toString());
    if (isKeySet(jwks)) return { jwks };
  } catch (reason) {
    if (!(reason instanceof SyntaxError)) throw reason;
  }
  return file.fail('must name a file of JSON with a list of "keys"');
}

function isKeySet(value: unknown): value is Extract<JwtKeys, { jwks: unknown }>["jwks"] {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}

function readCertificates(table: TomlTable, files: ReferencedFiles): ClientCertificates {
  const readEntry = (entry: TomlTable): CertificateEntry => ({
    match: entry.need("match").text(),
    name: entry.need("name").text(),
    groups: entry.get("groups")?.texts(),
  });
  return { ca: files.read(table.need("ca")), principals: table.need("principals").tables(readEntry) };
}

function readRule(table: TomlTable): AccessRule {
  const [subjects, groups] = [table.get("subjects")?.texts(), table.get("groups")?.texts()];
  if (!subjects && !groups) table.fail("a rule needs subjects or groups");
  const given = table.need("rights").list();
  const datasets = table.get("datasets")?.list() ?? [];
  for (const dataset of datasets) assertGlob(dataset);
  const rule = {
    subjects,
    groups,
    rights: given.map((right) => right.choice(rights)),
    datasets: datasets.map((dataset) => dataset.text()),
  };
  const isOfDatasets = rule.rights.some((right) => right !== "admin");
  if (isOfDatasets && datasets.length === 0) table.fail('datasets is missing; ["**"] is every dataset');
  return rule;
}

function assertGlob(value: TomlValue): void {
  const pattern = value.text();
  try {
    compileGlob(pattern);
  } catch (reason) {
    value.fail(`must be a pattern of names${reason instanceof Error ? `: ${reason.message}` : ""}`);
  }
}

function readSessionKey(top: TomlTable, files: ReferencedFiles): Uint8Array | undefined {
  const secret = readSecret(top, "session-key", files);
  if (secret === undefined) return undefined;
  const isBase64 = /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret.text);
  const key = Buffer.from(secret.text, "base64");
  if (!isBase64 || key.byteLength < sessionKeyBytesMin) {
    secret.source.fail(
      `must be ${sessionKeyBytesMin} bytes or more in base64, as \`openssl rand -base64 32\` prints them`,
    );
  }
  return key;
}

function readTextOrTexts(value: TomlValue): string | readonly string[] {
  return value.isList() ? value.texts() : value.text();
}
