import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { basename, extname, join, sep } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { endAnswer } from "./close-unread.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";
import { hasCached } from "./preconditions.ts";

/** A file of a web app, in memory. */
export interface WebFile {
  /** The media type. */
  readonly contentType: string;
  /** The content. */
  readonly bytes: Uint8Array;
  /** The content compressed with gzip, for clients that accept it. */
  readonly gzipped: Uint8Array;
  /** The ETag of the content. */
  readonly etag: string;
  /** Whether the path contains a hash of the content, so that clients may cache the file forever. */
  readonly isImmutable: boolean;
}

/** The files of a web app, by URL path. Only files in the map are served. */
export type WebFiles = ReadonlyMap<string, WebFile>;

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * A page may load only files of this server, and pictures that it has made itself. It may not run inline scripts or
 * styles, and it may not be framed. So the content of a dataset is shown as text or as an image, and never runs.
 */
const securityHeaders: OutgoingHttpHeaders = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/**
 * Reads a web app from a folder. Its `index.html` is served at `/`. The names of the files in its folder `assets` must
 * contain hashes of their content.
 *
 * @param besides - paths of more files, which are served at the root under their own names
 * @returns the files; folders and files that do not exist are omitted
 */
export async function readWebFiles(folder: string, besides: readonly string[] = []): Promise<WebFiles> {
  const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const found = [
    ...names.map((name) => [name === "index.html" ? "" : name.replaceAll(sep, "/"), join(folder, name)] as const),
    ...besides.filter((path) => existsSync(path)).map((path) => [basename(path), path] as const),
  ];
  const files = new Map<string, WebFile>();
  for (const [name, path] of found) {
    const contentType = contentTypes[extname(path)];
    if (contentType !== undefined)
      files.set(`/${name}`, await toWebFile(`/${name}`, contentType, await readFile(path)));
  }
  return files;
}

async function toWebFile(path: string, contentType: string, bytes: Uint8Array): Promise<WebFile> {
  return {
    contentType,
    bytes,
    gzipped: await promisify(gzip)(bytes),
    etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    isImmutable: path.startsWith("/assets/"),
  };
}

/** Handles GET and HEAD of a file, including If-None-Match. */
export async function answerWithFile(req: NodeRequest, res: NodeResponse, file: WebFile): Promise<void> {
  const { status, headers, body } = planAnswer(req, file);
  (res as ServerResponse).writeHead(status, headers);
  if (body && req.method === "GET") (res as ServerResponse).write(body);
  await endAnswer(res);
}

/** Plans the response to a request for a file; pure. */
function planAnswer(
  { method, headers }: Pick<NodeRequest, "method" | "headers">,
  file: WebFile,
): { readonly status: number; readonly headers: OutgoingHttpHeaders; readonly body?: Uint8Array } {
  if (method !== "GET" && method !== "HEAD") return { status: 405, headers: { allow: "GET, HEAD" } };
  const validators: OutgoingHttpHeaders = {
    etag: file.etag,
    // With CORS, the response depends on the origin. This header replaces an earlier `vary`.
    vary: "accept-encoding, origin",
    "cache-control": file.isImmutable ? "public, max-age=31536000, immutable" : "no-cache",
  };
  if (hasCached(headers["if-none-match"], file.etag)) return { status: 304, headers: validators };
  const isGzipped = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
  const body = isGzipped ? file.gzipped : file.bytes;
  const content = {
    "content-type": file.contentType,
    "content-length": body.byteLength,
    ...(isGzipped && { "content-encoding": "gzip" }),
  };
  return { status: 200, headers: { ...securityHeaders, ...validators, ...content }, body };
}
