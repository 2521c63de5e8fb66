import { closeSync, fstatSync, fsync, lstatSync, openSync, read, write, writeSync, type BigIntStats } from "node:fs";
import { lstat, open, type FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { errnoOf } from "./system-error.ts";

/*
 * Node runs asynchronous file calls in four threads. That takes ten times the CPU time of a call that finds its answer
 * in the kernel's cache: 20 µs instead of 2 µs. So the status of a file, its creation, its opening and closing, and a
 * small write into that cache, are synchronous on a local disk. Bytes are always read and synced asynchronously.
 */

/** A synchronous call that takes longer is slow, in milliseconds. */
const slowCallMs = 50;

/**
 * The number of successive slow calls that show that the disk is slow now. A single one may be another process, which
 * got the processor during the call.
 */
const slowCallCount = 2;

/** How long calls are asynchronous after slow calls, in milliseconds. So a slow disk takes 1 % of the event loop. */
const slowPauseMs = 10_000;

/** The largest synchronous write in bytes. Copying so many bytes takes 50 µs. */
const quickWriteBytesMax = 128 * 1024;

const readBytes = promisify(read);
const writeBytes = promisify(write);
const syncFile = promisify(fsync);

/** An open file. The caller closes it. */
export interface OpenFile {
  readonly fd: number;
  /** Reads up to `byteLength` bytes at `position` into the start of `bytes`. Resolves with their number. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  /** Writes up to all `bytes` at `position`. Returns their number. */
  write(bytes: Uint8Array, position: number): number | Promise<number>;
  /** Waits until the content of the file, or the names in the folder, survive a power failure. */
  sync(): Promise<void>;
  stat(): BigIntStats | Promise<BigIntStats>;
  close(): void | Promise<void>;
}

/** The calls for files that may answer at once. All throw the system's error. */
export class Disk {
  readonly #isLocal: boolean;
  #slowCount = 0;
  #slowUntil = 0;

  /** @param isLocal - whether calls end without a network */
  constructor(isLocal: boolean) {
    this.#isLocal = isLocal;
  }

  /**
   * Returns the status of a path; undefined if nothing has the path. Symbolic links are not followed. A missing file is
   * usual before a put, so it makes no error, whose stack trace takes ten times the time of the call.
   */
  find(path: string): BigIntStats | undefined | Promise<BigIntStats | undefined> {
    if (!this.#isQuick()) return findSlowly(path);
    return this.#timed(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }));
  }

  /** Opens a file or a folder. `wx+` creates a file that must not exist. */
  open(path: string, flags: number | "wx+"): OpenFile | Promise<OpenFile> {
    if (!this.#isQuick()) return open(path, flags).then((handle) => new HandleFile(handle));
    const run: QuickCall = (call) => (this.#isQuick() ? { result: this.#timed(call) } : undefined);
    return new QuickFile(
      this.#timed(() => openSync(path, flags)),
      run,
    );
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
      this.#slowCount = endedAt - startedAt > slowCallMs ? this.#slowCount + 1 : 0;
      if (this.#slowCount === slowCallCount) {
        this.#slowCount = 0;
        this.#slowUntil = endedAt + slowPauseMs;
      }
    }
  }
}

/** The same, with a call that another thread makes. */
async function findSlowly(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (reason) {
    if (errnoOf(reason) === "ENOENT") return undefined;
    throw reason;
  }
}

/** Makes a call at once. Returns undefined, without a call, while the disk is slow. */
type QuickCall = (call: () => number) => { readonly result: number } | undefined;

/**
 * A file on a disk that answers quickly. Like a file handle of Node, it is closed after its last call has ended: the
 * descriptor may belong to another file from then on.
 */
class QuickFile implements OpenFile {
  #fd: number;
  readonly #run: QuickCall;
  /** The asynchronous calls that use the descriptor. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(fd: number, run: QuickCall) {
    this.#fd = fd;
    this.#run = run;
  }

  get fd(): number {
    return this.#fd;
  }

  async read(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#track(readBytes(this.#fd, bytes, 0, bytes.byteLength, position))).bytesRead;
  }

  async write(bytes: Uint8Array, position: number): Promise<number> {
    const { byteLength } = bytes;
    const isSmall = byteLength <= quickWriteBytesMax;
    const written = isSmall ? this.#run(() => writeSync(this.#fd, bytes, 0, byteLength, position)) : undefined;
    if (written) return written.result;
    return (await this.#track(writeBytes(this.#fd, bytes, 0, byteLength, position))).bytesWritten;
  }

  async sync(): Promise<void> {
    await this.#track(syncFile(this.#fd));
  }

  stat(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  close(): void | Promise<void> {
    const fd = this.#fd;
    this.#fd = -1;
    if (fd === -1) return;
    if (this.#running.size === 0) return closeSync(fd);
    return Promise.allSettled(this.#running).then(() => closeSync(fd));
  }

  async #track<T>(call: Promise<T>): Promise<T> {
    this.#running.add(call);
    try {
      return await call;
    } finally {
      this.#running.delete(call);
    }
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

  async write(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.write(bytes, 0, bytes.byteLength, position)).bytesWritten;
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async stat(): Promise<BigIntStats> {
    return await this.#handle.stat({ bigint: true });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
