import { countWords } from "../../flight/index.ts";
import { callServer, type ClientCall } from "../client-call.ts";
import type { ClientFlags } from "../client-flags.ts";
import { forEachItem } from "../each-item.ts";
import { readFlagFile } from "../read-flag-file.ts";
import { say } from "../say.ts";
import { isFolder } from "../write-output.ts";
import { copyItem } from "./copy-item.ts";
import { expandSource, type ExpandedSource } from "./expand-source.ts";
import { parsePlace } from "./place.ts";
import { planCopies, type Copy } from "./plan-copies.ts";
import { Servers } from "./servers.ts";

/** The flags of `hangar cp` and `mv`. */
export interface CopyFlags extends ClientFlags {
  readonly replace?: boolean;
  readonly otherTokenFile?: string;
}

/** How to copy. */
export interface CopyWork {
  readonly flags: CopyFlags;
  /** Whether the sources are deleted. */
  readonly move: boolean;
}

/** Runs `hangar cp` and `mv`. */
export async function copyAll(sources: readonly string[], destination: string, work: CopyWork): Promise<void> {
  await callServer(work.flags, (call) => copyEach(call, sources, destination, work));
}

async function copyEach(
  call: ClientCall,
  sourceTexts: readonly string[],
  destinationText: string,
  { flags, move }: CopyWork,
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
    else if (!quiet) say(`${from} → ${to}: ${countWords(rows, "row")}`);
  });
}

async function readToken(path: string | undefined): Promise<(() => Promise<string>) | undefined> {
  if (path === undefined) return undefined;
  const read = async (): Promise<string> => (await readFlagFile("--other-token-file", path)).toString().trim();
  // A missing file is reported before any request to a server.
  await read();
  return read;
}
