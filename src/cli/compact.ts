import type { CompactedFile } from "../dataset/index.ts";
import { countWords } from "../flight/index.ts";
import { callServer } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { formatAmount } from "./format-amount.ts";
import { say } from "./say.ts";

/** The flags of `hangar compact`. */
export interface CompactFlags extends ClientFlags {
  readonly targetSize?: number;
  readonly olderThan?: number;
  readonly sortBy?: string;
  readonly dryRun?: boolean;
}

/** Runs `hangar compact`. */
export async function compact(folder: string, flags: CompactFlags): Promise<void> {
  const { targetSize: targetBytes, olderThan: olderThanSeconds, sortBy, dryRun } = flags;
  await callServer(flags, async ({ client, signal }) => {
    const onFile = (file: CompactedFile): void => show(file, flags);
    const options = { targetBytes, olderThanSeconds, sortBy, dryRun, onFile, signal };
    const files = await client.compact(folder, options);
    if (files.length === 0 && flags.quiet !== true) say(`${folder}: there are no small files to join`);
  });
}

function show(file: CompactedFile, { json, quiet }: CompactFlags): void {
  if (json === true) return console.log(JSON.stringify(file));
  if (quiet === true) return;
  const { dataset, replaces, rows, bytesBefore, bytes } = file;
  const size =
    bytes === undefined
      ? formatAmount(bytesBefore, "bytes")
      : `${formatAmount(bytesBefore, "bytes")} to ${formatAmount(bytes, "bytes")}`;
  say(`${dataset ?? `${replaces[0]} …`}: ${countWords(replaces.length, "file")}, ${countWords(rows, "row")}, ${size}`);
}
