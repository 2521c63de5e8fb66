import { readFile } from "node:fs/promises";
import { isIPv6, type Socket } from "node:net";
import { endianness } from "node:os";

/** The kernel's tables of connections. Source: proc_net_tcp in the kernel's documentation. */
const tables = ["/proc/net/tcp", "/proc/net/tcp6"];

/**
 * Asks the kernel for the number of consecutive packets on each connection that the peer's kernel has not acknowledged:
 * data, or probes of a closed window. A live peer answers them, even if its program pauses.
 *
 * @returns a function that returns the number of a socket; 0 if the kernel does not know it, as on systems other than
 * Linux
 */
export async function readUnanswered(sockets: readonly Socket[]): Promise<(socket: Socket) => number> {
  if (sockets.length === 0 || process.platform !== "linux") return () => 0;
  const texts = await Promise.all(tables.map((table) => readFile(table, "latin1").catch(() => "")));
  const counts = new Map<string, number>();
  for (const line of texts.join("\n").split("\n")) {
    // Local and remote address, state, queues, timer, retransmissions, user, probes.
    const [, local, remote, , , , retransmissions, , probes] = line.trim().split(/\s+/);
    const count = Number.parseInt(retransmissions ?? "", 16) + Number.parseInt(probes ?? "", 16);
    if (count > 0) counts.set(`${local?.split(":")[1]} ${remote}`, count);
  }
  return ({ localPort, remotePort, remoteAddress }) =>
    counts.get(`${encodePort(localPort)} ${encodeAddress(remoteAddress)}:${encodePort(remotePort)}`) ?? 0;
}

function encodePort(port = 0): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}

/** Encodes an address as in the tables: in 32-bit words, each in the machine's byte order. */
export function encodeAddress(address = ""): string {
  const words = isIPv6(address) ? wordsOfIPv6(address) : [address.split(".").map(Number)];
  const isLittle = endianness() === "LE";
  return words
    .map((bytes) => Buffer.from(isLittle ? bytes.toReversed() : bytes).toString("hex"))
    .join("")
    .toUpperCase();
}

function wordsOfIPv6(address: string): number[][] {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 255, 255], mapped.split(".").map(Number)];
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groupsOf = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  const bytes = groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
  return [0, 4, 8, 12].map((at) => bytes.slice(at, at + 4));
}
