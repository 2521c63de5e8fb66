import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";

export const run = promisify(execFile);

/** What a request may carry. */
export type Body = string | Buffer<ArrayBuffer>;

/** The media type of a Parquet file. */
export const parquetType = "application/vnd.apache.parquet";

/** A server, and one table as files that can be put. The fields are there when the tests of a file run. */
export class FilesServer {
  server!: TestServer;
  /** Holds `table.parquet`, `table.arrows` (an Arrow stream) and `table.arrow` (an Arrow file). */
  folder!: TemporaryFolder;
  parquet!: Buffer<ArrayBuffer>;
  arrows!: Buffer<ArrayBuffer>;

  async start(args: readonly string[]): Promise<void> {
    this.server = await startHangar(...args);
    this.folder = await createTemporaryFolder();
    await run(await ensurePython(), [join(import.meta.dirname, "make.py"), this.folder.path]);
    this.parquet = await readFile(join(this.folder.path, "table.parquet"));
    this.arrows = await readFile(join(this.folder.path, "table.arrows"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.folder[Symbol.asyncDispose]();
  }

  urlOf(name: string): string {
    return `${this.server.url}/datasets/${name}`;
  }

  async put(name: string, body: Body, headers: Record<string, string> = {}): Promise<Response> {
    return await fetch(this.urlOf(name), { method: "PUT", body, headers });
  }

  async tagOf(name: string): Promise<string> {
    return (await fetch(this.urlOf(name), { method: "HEAD" })).headers.get("etag") ?? "";
  }

  /** Lists uploads that have no name yet. */
  async leftovers(): Promise<string[]> {
    const names = await readdir(join(this.server.repo, ".hangar/uploads"), { recursive: true });
    return names.filter((name) => name.includes("/"));
  }
}

/** Starts a server before the tests of this file, and ends it after them; `args` are added to its command line. */
export function useFilesServer(...args: string[]): FilesServer {
  const files = new FilesServer();
  beforeAll(() => files.start(args));
  afterAll(() => files[Symbol.asyncDispose]());
  return files;
}
