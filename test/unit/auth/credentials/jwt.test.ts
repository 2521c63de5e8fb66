import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SignJWT, UnsecuredJWT, type JSONWebKeySet } from "jose";
import { afterEach, describe, expect, test, vi } from "vitest";
import { JwtVerifier } from "../../../../src/auth/credentials/jwt.ts";
import type { JwtIssuer } from "../../../../src/auth/index.ts";
import type { FlightError } from "../../../../src/flight/index.ts";
import { createIssuer, type TestIssuer } from "../../../auth/issuer.ts";

const configured = ({ issuer, audience, jwks }: TestIssuer): JwtIssuer => ({ issuer, audience, keys: { jwks } });

async function verdictOf(verifier: JwtVerifier, token: string): Promise<string> {
  try {
    const { identity } = await verifier.verify(token);
    return [identity.subject, ...(identity.groups ?? [])].join(" ");
  } catch (reason) {
    const { code, message } = reason as FlightError;
    return `${code}: ${message}`;
  }
}

const invalid = "unauthenticated: the token is refused: it is not valid for this server";

describe("a token", () => {
  test("is refused unless issuer, audience, time, signature and subject are right", async () => {
    const issuer = await createIssuer();
    const stranger = await createIssuer();
    const verifier = new JwtVerifier([configured(issuer)]);
    const sign = issuer.sign.bind(issuer);
    const verdict = async (token: Promise<string> | string): Promise<string> => await verdictOf(verifier, await token);
    expect(await verdict(sign("ann"))).toBe("jwt:ann");
    expect(await verdict(sign("ann", { expiresIn: -20 }))).toBe("jwt:ann");
    expect(await verdict(sign("ann", { expiresIn: -40 }))).toBe(
      "unauthenticated: the token is refused: it has expired",
    );
    expect(await verdict(sign("ann", { audience: "other" }))).toBe(invalid);
    expect(await verdict(stranger.sign("ann"))).toBe(invalid);
    const unknown = "unauthenticated: the token is refused: this server does not accept its issuer";
    expect(await verdict(sign("ann", { issuer: "https://other.example" }))).toBe(unknown);
    expect(await verdict("a.b.c")).toBe(unknown);
    expect(await verdict(sign(""))).toBe('unauthenticated: the token is refused: it has no claim "sub"');
    expect(await verdict(sign("ann", { claims: { nbf: Math.floor(Date.now() / 1000) + 3600 } }))).toBe(invalid);
    const [head, , signature] = (await sign("ann")).split(".");
    const forged = Buffer.from(JSON.stringify({ iss: issuer.issuer, aud: "hangar", sub: "root", exp: 4e9 }));
    expect(await verdict(`${head}.${forged.toString("base64url")}.${signature}`)).toBe(invalid);
  });

  test("without a signature, or signed by the public key as if it were a secret, is refused", async () => {
    const issuer = await createIssuer();
    const verifier = new JwtVerifier([configured(issuer)]);
    const claims = { iss: issuer.issuer, aud: issuer.audience, sub: "root", exp: 4e9 };
    expect(await verdictOf(verifier, new UnsecuredJWT(claims).encode())).toBe(invalid);
    const secret = new TextEncoder().encode(JSON.stringify(issuer.jwks.keys[0]));
    const confused = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid: "1" }).sign(secret);
    expect(await verdictOf(verifier, confused)).toBe(invalid);
  });

  test("that never expires is refused", async () => {
    const issuer = await createIssuer();
    const verifier = new JwtVerifier([configured(issuer)]);
    expect(await verdictOf(verifier, await issuer.sign("ann", { expiresIn: "never" }))).toBe(invalid);
  });

  test("says subject and groups by the claims that are configured, with the issuer's prefix", async () => {
    const issuer = await createIssuer();
    const verifier = new JwtVerifier([
      { ...configured(issuer), subjectClaim: "email", groupsClaim: "roles", prefix: "corp:" },
    ]);
    const claims = { email: "ann@example", roles: ["a", 5, "b"] };
    expect(await verdictOf(verifier, await issuer.sign("1", { claims }))).toBe("corp:ann@example corp:a corp:b");
    const one = { email: "ann@example", roles: "a" };
    expect(await verdictOf(verifier, await issuer.sign("1", { claims: one }))).toBe("corp:ann@example corp:a");
  });

  test("of each of several issuers counts with its own keys alone", async () => {
    const [first, second] = [await createIssuer("https://a.example"), await createIssuer("https://b.example")];
    const verifier = new JwtVerifier([
      { ...configured(first), prefix: "a:" },
      { ...configured(second), prefix: "b:" },
    ]);
    expect(await verdictOf(verifier, await first.sign("x"))).toBe("a:x");
    expect(await verdictOf(verifier, await second.sign("x"))).toBe("b:x");
    expect(await verdictOf(verifier, await second.sign("x", { issuer: first.issuer }))).toBe(invalid);
  });
});

describe("keys that are fetched", () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  /** Serves an issuer's OpenID configuration and keys; what is asked for is counted by its path. */
  async function serve(answers: { keys: JSONWebKeySet; issuer?: string; status?: number }) {
    const counts: Record<string, number> = {};
    server = createServer(({ url = "" }, res) => {
      counts[url] = (counts[url] ?? 0) + 1;
      res.statusCode = answers.status ?? 200;
      const origin = `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
      if (url === "/keys") res.end(JSON.stringify(answers.keys));
      else res.end(JSON.stringify({ issuer: answers.issuer ?? origin, jwks_uri: `${origin}/keys` }));
    });
    await new Promise<void>((resolve) => server!.listen(0, "127.0.0.1", resolve));
    return { counts, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  test("are found by the issuer's OpenID configuration, once, and again when they rotate", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const answers = { keys: { keys: [] } as JSONWebKeySet };
    const { counts, origin } = await serve(answers);
    const [before, after] = [await createIssuer(origin, "1"), await createIssuer(origin, "2")];
    answers.keys = before.jwks;
    const verifier = new JwtVerifier([{ issuer: origin, audience: "hangar", keys: { discovery: true } }]);
    for (let i = 0; i < 5; i++) expect(await verdictOf(verifier, await before.sign("ann"))).toBe("jwt:ann");
    expect(counts).toEqual({ "/.well-known/openid-configuration": 1, "/keys": 1 });
    answers.keys = { keys: [...before.jwks.keys, ...after.jwks.keys] };
    // Whoever sends keys that are unknown has the issuer asked once in a while, not once for each.
    for (let i = 0; i < 5; i++) expect(await verdictOf(verifier, await after.sign("ann"))).toBe(invalid);
    expect(counts["/keys"]).toBe(1);
    vi.setSystemTime(Date.now() + 31_000);
    expect(await verdictOf(verifier, await after.sign("ann"))).toBe("jwt:ann");
    expect(counts["/keys"]).toBe(2);
    // A key that is withdrawn counts no more once the keys are old.
    answers.keys = after.jwks;
    vi.setSystemTime(Date.now() + 601_000);
    expect(await verdictOf(verifier, await after.sign("ann"))).toBe("jwt:ann");
    expect(await verdictOf(verifier, await before.sign("ann"))).toBe(invalid);
    vi.useRealTimers();
  });

  test("that cannot be had are the server's trouble, and asked for again after a while", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const answers: { keys: JSONWebKeySet; status?: number; issuer?: string } = { keys: { keys: [] }, status: 500 };
    const { counts, origin } = await serve(answers);
    const issuer = await createIssuer(origin);
    const verifier = new JwtVerifier([{ issuer: origin, audience: "hangar", keys: { discovery: true } }]);
    for (let i = 0; i < 5; i++) expect(await verdictOf(verifier, await issuer.sign("ann"))).toMatch(/^unavailable: /);
    expect(counts["/.well-known/openid-configuration"]).toBe(1);
    answers.status = 200;
    answers.keys = issuer.jwks;
    vi.setSystemTime(Date.now() + 31_000);
    expect(await verdictOf(verifier, await issuer.sign("ann"))).toBe("jwt:ann");
    vi.useRealTimers();
  });

  test("of a configuration that names another issuer are not taken", async () => {
    const issuer = await createIssuer("https://other.example");
    const { origin } = await serve({ keys: issuer.jwks, issuer: "https://other.example" });
    const verifier = new JwtVerifier([{ issuer: origin, audience: "hangar", keys: { discovery: true } }]);
    expect(await verdictOf(verifier, await issuer.sign("ann", { issuer: origin }))).toMatch(
      /^unavailable: .*another issuer/,
    );
  });
});
