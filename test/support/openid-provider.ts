import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider, type ClientMetadata } from "oidc-provider";

/** The key pair of a provider. */
interface KeyPair {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

/** An OpenID provider, the package `oidc-provider`. Every name and every password may sign in. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  /** Sets the only client, the server of the test. */
  register(client: ClientMetadata): void;
  /** Signs with a new key from now on, and publishes it. @param keyId - the new key's id */
  rotateKey(keyId: string): Promise<void>;
  /** Signs with a new key from now on, and still publishes the old key only. */
  signWithUnpublishedKey(keyId: string): Promise<void>;
  /** The number of requests for the published keys. */
  keyRequestCount(): number;
  /** The codes, verifiers and tokens that the server has exchanged, by the name of their field. */
  readonly exchanged: ReadonlyMap<string, readonly string[]>;
}

/** Starts a provider. Ann is in the group `readers`. */
export async function startProvider(): Promise<TestProvider> {
  let client: ClientMetadata;
  let signing = await createKeyPair("first");
  let published = signing;
  let keyRequestCount = 0;
  let provider: Provider;
  const exchanged = new Map<string, string[]>();
  const listener = createServer((req, res) => {
    if (req.url === "/token") recordExchange(req, res, exchanged);
    if (req.url !== "/jwks") return void provider.callback()(req, res);
    keyRequestCount += 1;
    res.setHeader("content-type", "application/jwk-set+json").end(JSON.stringify({ keys: [published.publicKey] }));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const restart = (): void => {
    provider = new Provider(issuer, {
      clients: [client],
      jwks: { keys: [signing.privateKey] },
      cookies: { keys: ["a cookie key of the test"] },
      issueRefreshToken: () => true,
      claims: { openid: ["sub"], profile: ["groups"] },
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, groups: id === "ann" ? ["readers"] : [] }),
      }),
    });
  };
  return {
    issuer,
    register: (given) => {
      client = given;
      restart();
    },
    rotateKey: async (keyId) => {
      published = signing = await createKeyPair(keyId);
      restart();
    },
    signWithUnpublishedKey: async (keyId) => {
      signing = await createKeyPair(keyId);
      restart();
    },
    keyRequestCount: () => keyRequestCount,
    exchanged,
    async [Symbol.asyncDispose]() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** Records the secrets of a request to the token endpoint, and of its answer. */
function recordExchange(req: IncomingMessage, res: ServerResponse, exchanged: Map<string, string[]>): void {
  const note = (name: string, value: unknown): void => {
    if (typeof value === "string") exchanged.set(name, [...(exchanged.get(name) ?? []), value]);
  };
  let form = "";
  req.on("data", (chunk: Buffer) => (form += chunk.toString()));
  const { end } = res;
  res.end = ((body: unknown, ...rest: unknown[]) => {
    const fields = new URLSearchParams(form);
    for (const name of ["code", "code_verifier"]) note(name, fields.get(name));
    const tokens = JSON.parse(String(body)) as Record<string, unknown>;
    for (const name of ["id_token", "access_token", "refresh_token"]) note(name, tokens[name]);
    return (end as (...all: unknown[]) => typeof res).call(res, body, ...rest);
  }) as typeof end;
}

async function createKeyPair(kid: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const common = { kid, alg: "RS256", use: "sig" };
  return {
    privateKey: { ...(await exportJWK(privateKey)), ...common },
    publicKey: { ...(await exportJWK(publicKey)), ...common },
  };
}
