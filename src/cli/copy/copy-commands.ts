import { readFile } from "node:fs/promises";
import { Option, type Command } from "commander";
import { addClientCommand, callServer, type ClientCall, type ClientFlags } from "../client-call.ts";
import { forEachItem } from "../each-item.ts";
import { flag } from "../options.ts";
import { say } from "../say.ts";
import { isFolder } from "../write-output.ts";
import { copyItem } from "./copy-item.ts";
import { expandSource, type ExpandedSource } from "./expand-source.ts";
import { parsePlace } from "./place.ts";
import { planCopies, type Copy } from "./plan-copies.ts";
import { Servers } from "./servers.ts";

interface CopyFlags extends ClientFlags {
  readonly replace?: boolean;
  readonly otherTokenFile?: string;
}

/** Adds `hangar cp` and `mv`. */
export function addCopyCommands(program: Command): void {
  for (const [name, description, move] of [
    ["cp", "Copy datasets: within a server, between servers, and from or to local files", false],
    ["mv", "Move datasets: copies them, verifies the copies, then deletes the sources", true],
  ] as const) {
    addClientCommand(program, `${name} <places...>`, description)
      .usage("[options] SOURCE… DESTINATION")
      .addOption(new Option("--replace", "replace destinations that exist; without it, they are errors"))
      .addOption(flag("--other-token-file <file>", "file with the token for servers other than that of --url"))
      .action(async (places: string[], flags: CopyFlags, command: Command) => {
        const destination = places.pop() ?? "";
        if (places.length === 0) command.error("error: name a source and a destination");
        await callServer(flags, (call) => copyAll(call, places, destination, { flags, move }));
      });
  }
}

async function copyAll(
  call: ClientCall,
  sourceTexts: readonly string[],
  destinationText: string,
  { flags, move }: { readonly flags: CopyFlags; readonly move: boolean },
): Promise<void> {
  const { signal } = call;
  const servers = new Servers(call, await readToken(flags.otherTokenFile));
  const callOf = servers.of.bind(servers);
  const sources: ExpandedSource[] = [];
  for (const text of sourceTexts) sources.push(await expandSource(parsePlace(text), callOf));
  const place = parsePlace(destinationText);
  const isLocalFolder = place.kind === "local" && (await isFolder(place.path));
  const copies = planCopies(sources, { place, isLocalFolder }, callOf);
  const [quiet, asJson] = [flags.quiet === true, flags.json === true];
  const nameOf = ({ from }: Copy): string => from.shown;
  await forEachItem(copies, { what: "items", nameOf, signal, asJson }, async (copy) => {
    const rows = await copyItem(copy, { servers, signal, quiet, replace: flags.replace === true, move });
    const [from, to] = [copy.from.shown, copy.to.shown];
    if (asJson) console.log(JSON.stringify({ from, to, rows }));
    else if (!quiet) say(`${from} → ${to}: ${rows} rows`);
  });
}

async function readToken(path: string | undefined): Promise<(() => Promise<string>) | undefined> {
  if (path === undefined) return undefined;
  const read = async (): Promise<string> => (await readFile(path, "utf8")).trim();
  // A missing file is reported before any request to a server.
  await read();
  return read;
}
