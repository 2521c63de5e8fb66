import { createHash, randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

/** The process that owns an unfinished upload. */
export interface UploadOwner {
  /** Identifies the machine, boot and process namespace of the pid: 16 hexadecimal digits. */
  readonly machine: string;
  readonly pid: number;
  /**
   * The start time of the process in units of the system. It distinguishes processes with the same pid. `0` if it is
   * not known.
   */
  readonly startTime: string;
}

/** The interval at which a store touches the folder of its uploads, in milliseconds, to show that it is alive. */
export const aliveIntervalMs = 5 * 60 * 1000;

/** How long an upload of another machine or container must be untouched to count as abandoned, in milliseconds. */
const foreignIdleMsMax = 3 * aliveIntervalMs;

/** Returns this process as an owner. */
export async function currentOwner(): Promise<UploadOwner> {
  return { machine: await machineId(), pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? "0" };
}

/** Returns a new folder name for a store of an owner. */
export function createOwnerFolderName({ machine, pid, startTime }: UploadOwner): string {
  return `${machine}-${pid}-${startTime}-${randomUUID().slice(0, 8)}`;
}

/** Parses the owner in a folder name; undefined if the name is not from `createOwnerFolderName`. */
export function parseOwnerFolderName(folderName: string): UploadOwner | undefined {
  const [, machine, pid, startTime] = /^([0-9a-f]{16})-([1-9]\d*)-(\d+)-[0-9a-f]{8}$/.exec(folderName) ?? [];
  if (machine === undefined || pid === undefined || startTime === undefined) return undefined;
  return { machine, pid: Number(pid), startTime };
}

/** The information to decide whether uploads are abandoned. */
export interface OwnerEvidence {
  readonly owner: UploadOwner;
  readonly self: UploadOwner;
  /** The start time of the process that has the owner's pid now; undefined if there is none. */
  readonly startTimeNow: string | undefined;
  /** The time since the last write to the owner's uploads, in milliseconds. */
  readonly idleMs: number;
}

/**
 * Decides whether an owner is gone. A process of this machine and boot can be looked up. For another machine, boot or
 * container, only its repeated touches show that it is alive.
 */
export function isOwnerGone({ owner, self, startTimeNow, idleMs }: OwnerEvidence): boolean {
  if (owner.machine !== self.machine) return idleMs > foreignIdleMsMax;
  return startTimeNow !== owner.startTime;
}

/** Returns the start time of a process, as in `UploadOwner.startTime`; undefined if it does not exist or is dead. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return isRunning(pid) ? "0" : undefined;
  try {
    return parseProcStat(await readFile(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** Parses the start time in a line of `/proc/PID/stat`, see proc(5); undefined for a process that has ended. */
export function parseProcStat(line: string): string | undefined {
  // The second field is the program's name in parentheses. The name may contain spaces and parentheses.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const state = fields[0] ?? "";
  return "ZXx".includes(state) ? undefined : fields[19];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function machineId(): Promise<string> {
  const parts =
    process.platform === "linux"
      ? await Promise.all([readFile("/proc/sys/kernel/random/boot_id", "utf8"), readlink("/proc/self/ns/pid")])
      : [hostname()];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}
