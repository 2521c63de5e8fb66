import { closeSync, fstatSync, lstatSync, openSync, read, type BigIntStats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";

/*
 * Node runs asynchronous file calls in four threads. That takes ten times the CPU time of a call that finds its answer
 * in the kernel's cache: 20 µs instead of 2 µs. So the status of a file, and its opening and closing, are synchronous on
 * a local disk. Bytes are always read asynchronously.
 */

/** A synchronous call that takes longer shows that the disk is slow now, in milliseconds. */
const slowCallMs = 50;

/** How long calls are asynchronous after a slow call, in milliseconds. So a slow disk takes 0.5 % of the event loop. */
const slowPauseMs = 10_000;

const readBytes = promisify(read);

/** An open file. The caller closes it. */
export interface OpenFile {
  readonly fd: number;
  /** Reads up to `byteLength` bytes at `position` into the start of `bytes`. Resolves with their number. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  stat(): BigIntStats | Promise<BigIntStats>;
  close(): void | Promise<void>;
}

/** The calls for files that may answer at once. All throw the system's error. */
export class Disk {
  readonly #isLocal: boolean;
  #slowUntil = 0;

  /** @param isLocal - whether calls end without a network */
  constructor(isLocal: boolean) {
    this.#isLocal = isLocal;
  }

  /** Returns the status of a path. Symbolic links are not followed. */
  lstat(path: string): BigIntStats | Promise<BigIntStats> {
    if (!this.#isQuick()) return lstat(path, { bigint: true });
    return this.#timed(() => lstatSync(path, { bigint: true }));
  }

  /** Opens a file. */
  open(path: string, flags: number): OpenFile | Promise<OpenFile> {
    if (!this.#isQuick()) return open(path, flags).then((handle) => new HandleFile(handle));
    return new QuickFile(this.#timed(() => openSync(path, flags)));
  }

  #isQuick(): boolean {
    return this.#isLocal && performance.now() >= this.#slowUntil;
  }

  #timed<T>(call: () => T): T {
    const startedAt = performance.now();
    try {
      return call();
    } finally {
      const endedAt = performance.now();
      if (endedAt - startedAt > slowCallMs) this.#slowUntil = endedAt + slowPauseMs;
    }
  }
}

/**
 * A file on a disk that answers quickly. Like a file handle of Node, it is closed after its last read has ended: the
 * descriptor may belong to another file from then on.
 */
class QuickFile implements OpenFile {
  #fd: number;
  readonly #reads = new Set<Promise<unknown>>();

  constructor(fd: number) {
    this.#fd = fd;
  }

  get fd(): number {
    return this.#fd;
  }

  async read(bytes: Uint8Array, position: number): Promise<number> {
    const reading = readBytes(this.#fd, bytes, 0, bytes.byteLength, position);
    this.#reads.add(reading);
    try {
      return (await reading).bytesRead;
    } finally {
      this.#reads.delete(reading);
    }
  }

  stat(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  close(): void | Promise<void> {
    const fd = this.#fd;
    this.#fd = -1;
    if (fd === -1) return;
    if (this.#reads.size === 0) return closeSync(fd);
    return Promise.allSettled(this.#reads).then(() => closeSync(fd));
  }
}

/** A file with a handle of Node. */
export class HandleFile implements OpenFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get fd(): number {
    return this.#handle.fd;
  }

  async read(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(bytes, 0, bytes.byteLength, position)).bytesRead;
  }

  async stat(): Promise<BigIntStats> {
    return await this.#handle.stat({ bigint: true });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
