import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseConfig, type ConfigFile } from "../../../../src/cli/config/config-file.ts";
import { UsageError } from "../../../../src/cli/exit-code.ts";
import { addServeCommand } from "../../../../src/cli/serve-command.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";

const { options } = addServeCommand(new Command());
const hash = "a".repeat(64);
const scrypt = "$scrypt$ln=15,r=8,p=3$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA";

let folder: TemporaryFolder;
let path: string;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  path = join(folder.path, "hangar.toml");
  await mkdir(join(folder.path, "secrets"));
  await writeFile(join(folder.path, "secrets/password"), `${scrypt}\n`);
  await writeFile(join(folder.path, "secrets/empty"), "\n");
  await writeFile(join(folder.path, "ca.pem"), "the authority");
});
afterAll(() => folder[Symbol.asyncDispose]());

const parse = (...lines: string[]): ConfigFile => parseConfig(lines.join("\n"), path, options);
const mistakeIn = (...lines: string[]): string => {
  try {
    parseConfig(lines.join("\n"), "hangar.toml", options);
    return "it is valid";
  } catch (reason) {
    expect(reason).toBeInstanceOf(UsageError);
    return (reason as Error).message;
  }
};

describe("a configuration file", () => {
  test("has every flag of serve, under its name and checked as it is, and paths from its own folder", () => {
    const { flags } = parse(
      'host = "0.0.0.0"',
      "port = 9000",
      'repo = "data"',
      'tls-cert = "/etc/cert.pem"',
      'cors-origin = ["https://a.example", "https://b.example"]',
      'log-level = "warn"',
      "allow-anonymous = true",
    );
    expect(flags).toEqual({
      host: "0.0.0.0",
      port: 9000,
      repo: join(folder.path, "data"),
      tlsCert: "/etc/cert.pem",
      corsOrigin: ["https://a.example", "https://b.example"],
      logLevel: "warn",
      allowAnonymous: true,
    });
    const inFile = options.map(({ long }) => long?.slice(2)).filter((name) => name !== "config");
    for (const name of inFile) expect(mistakeIn(`${name} = {}`)).toMatch(/^hangar\.toml:1: [a-z0-9-]+: must /);
  });

  test("says who may call, and what", () => {
    const { access, referenced } = parse(
      "[[tokens]]",
      'name = "etl"',
      `sha256 = "${hash}"`,
      'groups = ["writers"]',
      "expires = 2030-01-31T12:00:00+01:00",
      "[[users]]",
      'name = "ann"',
      'password-file = "secrets/password"',
      "[[jwt]]",
      'issuer = "https://id.example"',
      'audience = ["hangar", "flights"]',
      "clock-skew-seconds = 5",
      "[client-certificates]",
      'ca = "ca.pem"',
      'principals = [{ match = "CN=ali", name = "ali" }]',
      "[[rules]]",
      'groups = ["writers"]',
      'rights = ["read", "replace"]',
      'datasets = ["sales/**"]',
      "[[rules]]",
      'subjects = ["ann"]',
      'rights = ["admin"]',
    );
    expect(access).toMatchObject({
      tokens: [{ name: "etl", sha256: hash, groups: ["writers"], expires: new Date("2030-01-31T11:00:00Z") }],
      users: [{ name: "ann", password: scrypt }],
      jwt: [
        {
          issuer: "https://id.example",
          audience: ["hangar", "flights"],
          keys: { discovery: true },
          clockSkewSeconds: 5,
        },
      ],
      clientCertificates: { ca: Buffer.from("the authority"), principals: [{ match: "CN=ali", name: "ali" }] },
      rules: [
        { groups: ["writers"], rights: ["read", "replace"], datasets: ["sales/**"] },
        { subjects: ["ann"], rights: ["admin"], datasets: [] },
      ],
    });
    expect(referenced).toEqual([join(folder.path, "secrets/password"), join(folder.path, "ca.pem")]);
  });

  test("takes a secret from the environment", () => {
    vi.stubEnv("SESSION_KEY", Buffer.alloc(32, 7).toString("base64"));
    expect(parse('session-key-env = "SESSION_KEY"').access.sessionKey).toEqual(Buffer.alloc(32, 7));
    vi.unstubAllEnvs();
  });
});

describe("a mistake is told by one line with the line and the key, and without any value", () => {
  const token = ["[[tokens]]", 'name = "etl"'];
  test.each<[string, string[], string]>([
    ["no TOML", ["port = 1", "host = "], "hangar.toml:2: "],
    ["a secret in no TOML", [`password = "s3cret`, ""], "hangar.toml:1: "],
    ["a key twice", ["port = 1", "port = 2"], "hangar.toml:2: trying to redefine an already defined"],
    [
      "an unknown key",
      ["# a comment", "", 'hosts = "x"'],
      "hangar.toml:3: hosts: is not a known key (did you mean host?)",
    ],
    ["an unknown key like no other", ["colour = 1"], "hangar.toml:1: colour: is not a known key"],
    [
      "an unknown key of a table",
      [...token, `sha257 = "${hash}"`],
      "hangar.toml:3: tokens.sha257: is not a known key in tokens (did you mean sha256?)",
    ],
    ["a missing key of a table", token, "hangar.toml:1: tokens: sha256 is missing (or sha256-file, or sha256-env)"],
    [
      "an unknown key of a rule",
      ["[[rules]]", 'subject = ["*"]', 'rights = ["read"]'],
      "hangar.toml:2: rules.subject: is not a known key in rules (did you mean subjects?)",
    ],
    [
      "an unknown key of a second table",
      [...token, `sha256 = "${hash}"`, ...token, `sha256 = "${hash}"`, 'group = ["a"]'],
      "hangar.toml:7: tokens.group: is not a known key in tokens (did you mean groups?)",
    ],
    ["the configuration in itself", ['config = "x"'], "hangar.toml:1: config: is not a known key"],
    ["text as a number", ['port = "8815"'], "hangar.toml:1: port: must be a whole number from 0 to 9007199254740991"],
    ["a port that is none", ["port = 65536"], "hangar.toml:1: port: must be a number from 0 to 65535"],
    ["a number as text", ["host = 1"], "hangar.toml:1: host: must be text"],
    ["text as a list", ['cors-origin = "*"'], "hangar.toml:1: cors-origin: must be a list"],
    [
      "a word that is none of the choices",
      ['log-level = "warning"'],
      "hangar.toml:1: log-level: must be one of trace, debug, info, warn, error, silent",
    ],
    [
      "a right that is mistyped, in a list of several lines",
      ["[[rules]]", 'groups = ["a"]', "rights = [", '  "read",', '  "wirte",', "]", 'datasets = ["**"]'],
      "hangar.toml:3: rules.rights: must be one of read, write, replace, drop, admin (did you mean write?)",
    ],
    [
      "a rule without datasets",
      ["[[rules]]", 'groups = ["a"]', 'rights = ["read"]'],
      'hangar.toml:1: rules: datasets is missing; ["**"] is every dataset',
    ],
    [
      "a pattern that is none",
      ["[[rules]]", 'groups = ["a"]', 'rights = ["read"]', 'datasets = ["a[" ]'],
      "hangar.toml:4: rules.datasets: must be a pattern of names",
    ],
    [
      "a token in clear",
      [...token, 'sha256 = "s3cret"'],
      "hangar.toml:3: tokens.sha256: must be 64 hexadecimal digits",
    ],
    [
      "a password in clear",
      ["[[users]]", 'name = "ann"', 'password = "s3cret"'],
      "hangar.toml:3: users.password: must be a hash of a password",
    ],
    [
      "a time without a zone",
      [...token, `sha256 = "${hash}"`, "expires = 2030-01-31T12:00:00"],
      "hangar.toml:4: tokens.expires: must be a time such as",
    ],
    [
      "a key that is short",
      ['session-key = "s3cret"'],
      "hangar.toml:1: session-key: must be 32 bytes or more in base64",
    ],
    [
      "a secret twice",
      ['session-key = "s3cret"', 'session-key-env = "KEY"'],
      "hangar.toml:2: session-key-env: is one too many",
    ],
    [
      "a variable that is not set",
      ['session-key-env = "HANGAR_TEST_NOT_SET"'],
      "hangar.toml:1: session-key-env: leads to nothing",
    ],
    [
      "a file that is not there",
      ['session-key-file = "nowhere/key"'],
      "hangar.toml:1: session-key-file: names a file that cannot be read: there is no such file or folder (ENOENT)",
    ],
    ["a table as an array", ["[tokens]"], "hangar.toml:1: tokens: must be a list"],
    ["an array as a table", ["[[client-certificates]]"], "hangar.toml:1: client-certificates: must be a table"],
  ])("%s", (_title, lines, expected) => {
    const message = mistakeIn(...lines);
    expect(message.slice(0, expected.length)).toBe(expected);
    expect(message).not.toMatch(/s3cret|\n/);
  });
});

test("the line is right in a file of many tables, comments and values of several lines", () => {
  const block = ["# a token", "", "[[tokens]]", 'name = "t"', "groups = [", '  "a",', '  "b", # and more', "]"];
  const lines = Array.from({ length: 40 }, () => [...block, `sha256 = "${hash}"`]).flat();
  for (const index of [0, 17, 39]) {
    const broken = lines.with(index * 9 + 8, 'sha256 = """\nnot\nthis"""');
    expect(mistakeIn(...broken)).toContain(`hangar.toml:${index * 9 + 9}: tokens.sha256`);
  }
});
