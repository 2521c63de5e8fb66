import { createServer } from "node:http";
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
}

/** Starts a provider. Ann is in the group `readers`. */
export async function startProvider(): Promise<TestProvider> {
  let client: ClientMetadata;
  let signing = await createKeyPair("first");
  let published = signing;
  let keyRequestCount = 0;
  let provider: Provider;
  const listener = createServer((req, res) => {
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
    async [Symbol.asyncDispose]() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

async function createKeyPair(kid: string): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const common = { kid, alg: "RS256", use: "sig" };
  return {
    privateKey: { ...(await exportJWK(privateKey)), ...common },
    publicKey: { ...(await exportJWK(publicKey)), ...common },
  };
}
