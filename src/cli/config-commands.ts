import { InvalidArgumentError, Option, type Command } from "commander";
import { UsageError } from "./exit-code.ts";
import { flag, list } from "./options.ts";

interface TokenFlags {
  readonly group: readonly string[];
  readonly expires?: Date;
}

const dayMs = 24 * 3600 * 1000;

/**
 * Adds `hangar token`, `password` and `config`, which help to write a configuration.
 *
 * @param serve - the command that reads the configuration
 */
export function addConfigCommands(program: Command, serve: Command): void {
  program
    .command("token")
    .description("Make bearer tokens for a configuration")
    .command("new <name>")
    .description("Make a token; shows it once, with the lines of TOML that let it in")
    .allowExcessArguments(false)
    .addOption(list("--group <groups>", "groups that it is in, separated by commas"))
    .addOption(new Option("--expires <time>", "such as 90d or 2027-01-31; never by default").argParser(parseExpiry))
    .action(printToken);
  program
    .command("password")
    .description("Hash a password for a configuration; asks for it twice, or reads standard input")
    .allowExcessArguments(false)
    .action(printHash);
  program
    .command("config")
    .description("Look at configurations")
    .command("check [file]")
    .description("Check a configuration of hangar serve, and the files that it names")
    .allowExcessArguments(false)
    .addOption(flag("--config <file>", "the file, as hangar serve takes it"))
    .action(async (argument: string | undefined, { config }: { config?: string }) => {
      const file = argument ?? config;
      if (file === undefined) throw new UsageError("name the configuration: hangar config check FILE");
      const { checkConfig } = await import("./config/check-config.ts");
      console.log(checkConfig(file, serve));
    });
}

/** Prints only the token to standard output, and the TOML to standard error, so that each can be redirected. */
async function printToken(name: string, { group, expires }: TokenFlags): Promise<void> {
  if (name === "") throw new UsageError("the name of a token is empty");
  const [{ createToken }, { stringify }] = await Promise.all([import("../auth/index.ts"), import("smol-toml")]);
  const { token, sha256 } = createToken();
  const entry = { name, sha256, ...(group.length > 0 && { groups: group }), ...(expires && { expires }) };
  console.error(`# For the configuration. The token itself is on standard output, and is shown only now.`);
  console.error(stringify({ tokens: [entry] }).trim());
  console.log(token);
}

async function printHash(): Promise<void> {
  const [{ hashPassword }, { readNewPassword }] = await Promise.all([
    import("../auth/index.ts"),
    import("./read-password.ts"),
  ]);
  console.log(await hashPassword(await readNewPassword()));
}

function parseExpiry(text: string): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const isTime = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const time = days === undefined ? (isTime ? Date.parse(text) : NaN) : Date.now() + Number(days) * dayMs;
  // The condition also rejects NaN.
  if (!(time > Date.now())) throw new InvalidArgumentError("It must be a time to come, such as 90d or 2027-01-31.");
  return new Date(Math.floor(time / 1000) * 1000);
}
