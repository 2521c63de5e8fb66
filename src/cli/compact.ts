import { compactOlderThanRange, compactTargetBytesRange, type CompactedFile } from "../dataset/index.ts";
import { countWords, kibi, mebi } from "../flight/index.ts";
import { callServer } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { formatAmount } from "./format-amount.ts";
import { UsageError } from "./exit-code.ts";
import { say } from "./say.ts";

/** The flags of `hangar compact`. */
export interface CompactFlags extends ClientFlags {
  readonly targetSize?: number;
  readonly olderThan?: number;
  readonly sortBy?: string;
  readonly dryRun?: boolean;
}

const daySeconds = 86_400;

/** Runs `hangar compact`. */
export async function compact(folder: string, flags: CompactFlags): Promise<void> {
  const { targetSize: targetBytes, olderThan: olderThanSeconds, sortBy, dryRun } = flags;
  assertFolder(folder);
  assertRanges(flags);
  await callServer(flags, async ({ client, signal }) => {
    const onFile = (file: CompactedFile): void => show(file, flags);
    const options = { targetBytes, olderThanSeconds, sortBy, dryRun, onFile, signal };
    const files = await client.compact(folder, options);
    if (flags.quiet === true) return;
    if (files.length === 0) say(`${folder}: there are no small files to join`);
    else if (dryRun === true && flags.json !== true) say("nothing has changed; without --dry-run, this is done");
  });
}

/** Refuses patterns that compact does not take. */
function assertFolder(text: string): void {
  const folder = text.replace(/\/\*\*$/, "");
  if (!folder.includes("*")) return;
  const fixed = folder.slice(0, folder.indexOf("*")).replace(/[^/]*$/, "");
  const example = fixed === "" ? "sales/" : fixed;
  throw new UsageError(`compact takes a folder, ${example}, or also the folders in it, '${example}**'; not ${text}`);
}

/** Refuses sizes and times before the server does, which has other words for them. */
function assertRanges({ targetSize, olderThan }: CompactFlags): void {
  const { min, max } = compactTargetBytesRange;
  if (targetSize !== undefined && (targetSize < min || targetSize > max)) {
    throw new UsageError(`--target-size must be from ${min / kibi} KiB to ${max / (kibi * mebi)} GiB`);
  }
  if (olderThan !== undefined && olderThan > compactOlderThanRange.max) {
    throw new UsageError(`--older-than must be up to ${Math.floor(compactOlderThanRange.max / daySeconds)} days`);
  }
}

function show(file: CompactedFile, { json, quiet, dryRun }: CompactFlags): void {
  if (json === true) return console.log(JSON.stringify(file));
  if (quiet === true) return;
  const { dataset, replaces, rows, bytesBefore, bytes } = file;
  const size =
    bytes === undefined
      ? formatAmount(bytesBefore, "bytes")
      : `${formatAmount(bytesBefore, "bytes")} to ${formatAmount(bytes, "bytes")}`;
  const name = dataset ?? `${replaces[0]} …`;
  const files = `${dryRun === true ? "would join " : ""}${countWords(replaces.length, "file")}`;
  say(`${name}: ${files}, ${countWords(rows, "row")}, ${size}`);
}
