import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";

async function runHangar(args: readonly string[], env?: NodeJS.ProcessEnv) {
  await using child = startChild(process.execPath, [hangarProgram, ...args], env);
  const { exitCode } = await child.exit();
  return { exitCode, lines: child.output().trimEnd().split("\n") };
}

describe("a command line that makes no sense gets one line and exit code 2:", () => {
  test.each<[string, string[], RegExp]>([
    ["an unknown flag", ["serve", "--nonsense"], /--nonsense/],
    ["a flag that is nearly one", ["serve", "--prot", "1"], /--prot/],
    ["a port that is no number", ["serve", "--port", "http"], /--port/],
    ["a port out of range", ["serve", "--port", "65536"], /--port/],
    ["a flag without its value", ["serve", "--repo"], /--repo/],
    ["a certificate without its key", ["serve", "--tls-cert", "cert.pem"], /--tls-key/],
    [
      "a certificate that is none",
      ["serve", "--tls-cert", hangarProgram, "--tls-key", hangarProgram],
      /--tls-cert \S+ has no valid cert/,
    ],
    ["a folder without a name", ["serve", "--repo", ""], /--repo is empty; name a folder/],
    ["a log level that there is not", ["serve", "--log-level", "loud"], /--log-level/],
    ["a location without a scheme", ["serve", "--advertise", "localhost:8815"], /--advertise/],
    ["a peer without a scheme", ["serve", "--peers", "grpc://a:1,b:1"], /--peers .*b:1.* It must be a scheme/],
    ["a peer's password", ["serve", "--peers", "grpc://a:s3cret@b:1"], /user name or a password(?!.*s3cret)/],
    ["an upstream that is no server", ["serve", "--upstream", "http://a:1", "--upstream-allow", "ftp://b:1"], /ftp/],
    ["an upstream and a folder", ["serve", "--upstream", "grpc://a:1", "--repo", "b"], /--upstream .*--repo/],
    ["an upstream's certificate without its key", ["serve", "--upstream-cert", "cert.pem"], /--upstream-key/],
    ["an address that others reach, without access control", ["serve", "--host", "0.0.0.0"], /--host .*--allow-anonym/],
    ["the same for IPv6", ["serve", "--host", "::"], /--host :: lets other machines call/],
    ["the same for a name", ["serve", "--host", "flights.example"], /nothing says who may/],
    ["rights for nobody that are all rights", ["serve", "--anonymous", "write"], /--anonymous/],
    ["anonymous callers twice", ["serve", "--allow-anonymous", "--anonymous", "read"], /contradict each other/],
    [
      "a configuration that is not there",
      ["serve", "--config", "no.toml"],
      /no\.toml: there is no such file or folder \(ENOENT\)/,
    ],
    ["a check of no configuration", ["config", "check", "no.toml"], /no\.toml: there is no such file/],
    ["the same as a flag", ["config", "check", "--config", "no.toml"], /no\.toml: there is no such file/],
    ["a check without a file", ["config", "check"], /name the configuration: hangar config check FILE/],
    ["a token that has expired already", ["token", "new", "etl", "--expires", "2020-01-01"], /--expires/],
    ["a password in the flags", ["ls", "--user", "ann:s3cret"], /--user takes only a name(?!.*s3cret)/],
    ["a header that is none", ["ls", "--header", "s3cret"], /--header takes NAME:VALUE(?!.*s3cret)/],
    ["two ways to sign in", ["ls", "--user", "ann", "--token", "s3cret"], /give only one of(?!.*s3cret)/],
    ["an argument too many", ["serve", "here"], /argument/],
    ["an unknown command", ["fly"], /fly/],
    ["the help of an unknown command", ["help", "fly"], /^hangar: unknown command 'fly'$/],
    ["a token without a name", ["token", "new", ""], /an argument is empty: 'name'/],
    ["an append to no folder", ["put", "--append", "", "x.parquet"], /--append <folder>.* is empty/],
  ])("%s", async (_title, args, pattern) => {
    const { exitCode, lines } = await runHangar(args);
    expect(lines).toEqual([expect.stringMatching(pattern)]);
    expect(exitCode).toBe(2);
  });

  test("a proxy that is no address", async () => {
    await using folder = await createTemporaryFolder();
    const { exitCode, lines } = await runHangar(["serve", "--repo", folder.path, "--trusted-proxy", "nonsense"]);
    expect(lines).toEqual(["hangar: nonsense is neither an address nor a subnet"]);
    expect(exitCode).toBe(2);
  });

  test("a switch of the environment that is neither on nor off", async () => {
    const { exitCode, lines } = await runHangar(["serve"], { HANGAR_ALLOW_ANONYMOUS: "maybe" });
    expect(lines).toEqual(["hangar: HANGAR_ALLOW_ANONYMOUS must be true or false"]);
    expect(exitCode).toBe(2);
  });

  test("a switch of the environment that is off", async () => {
    const { exitCode } = await runHangar(["serve", "--host", "0.0.0.0"], { HANGAR_ALLOW_ANONYMOUS: "false" });
    expect(exitCode).toBe(2);
  });

  test("a bad value from the environment", async () => {
    const { exitCode, lines } = await runHangar(["serve"], { HANGAR_PORT: "http" });
    expect(lines).toEqual([expect.stringMatching(/HANGAR_PORT/)]);
    expect(exitCode).toBe(2);
  });
});

describe("what cannot be done gets one line and exit code 1:", () => {
  test("a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    await using folder = await createTemporaryFolder();
    const port = String((taken.address() as AddressInfo).port);
    const { exitCode, lines } = await runHangar(["serve", "--port", port, "--repo", folder.path]);
    taken.close();
    expect(lines).toEqual([expect.stringContaining(`port ${port}`)]);
    expect(exitCode).toBe(1);
  });

  test.each([
    ["a name that is not known", "nowhere.invalid", "--host nowhere.invalid: the name cannot be resolved"],
    // An address of documents (RFC 5737), which no machine has.
    ["an address of another machine", "192.0.2.1", "--host 192.0.2.1 is not an address of this machine"],
  ])("%s", async (_title, host, words) => {
    await using folder = await createTemporaryFolder();
    const args = ["--host", host, "--allow-anonymous", "--port", "0", "--repo", folder.path];
    expect(await runHangar(["serve", ...args])).toEqual({ exitCode: 1, lines: [`hangar: ${words}`] });
  });

  test("a folder that is a file", async () => {
    await using folder = await createTemporaryFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    const { exitCode, lines } = await runHangar(["serve", "--port", "0", "--repo", file]);
    expect(lines).toEqual([`hangar: ${file} is not a folder`]);
    expect(exitCode).toBe(1);
  });

  test.each(["/proc/none", "/proc/none/deep"])("a folder that cannot be created: %s", async (folder) => {
    const { exitCode, lines } = await runHangar(["serve", "--port", "0", "--repo", folder]);
    expect(lines).toEqual([`hangar: ${folder}: the folder cannot be created (ENOENT)`]);
    expect(exitCode).toBe(1);
  });

  test("a certificate that is not there", async () => {
    const { exitCode, lines } = await runHangar([
      "serve",
      "--port",
      "0",
      "--tls-cert",
      "no.pem",
      "--tls-key",
      "no.pem",
    ]);
    expect(lines).toEqual(["hangar: --tls-cert no.pem: there is no such file or folder (ENOENT)"]);
    expect(exitCode).toBe(1);
  });
});
