import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { FlightError, quoteName } from "../../flight/index.ts";
import { filesPath } from "../../dataset/index.ts";
import type { CallContext, DatasetCatalog } from "../../producer/index.ts";
import { acceptedQuality } from "./formats.ts";
import { parseName } from "./file-query.ts";
import { listFolderPage, type FolderEntry, type FolderPage } from "./list-folder-page.ts";
import { once } from "../http/once.ts";

/** The number of entries in a page: what a client gets by default, and at most. */
const entryCountMax = 10_000;

/** Returns whether a path below `/datasets/` is a folder. */
export function isFolderPath(path: string): boolean {
  return path.endsWith("/");
}

/**
 * Answers a GET or HEAD of a folder: as JSON if the client prefers it to HTML, otherwise as HTML with relative links,
 * which fsspec, `wget -r` and people follow.
 *
 * @throws FlightError INVALID_ARGUMENT if the path or a parameter is wrong; NOT_FOUND if a folder has no dataset that
 * the caller may read
 */
export async function answerFolder(
  catalog: DatasetCatalog,
  context: CallContext,
  { url, isHead }: { readonly url: URL; readonly isHead: boolean },
): Promise<UniversalServerResponse> {
  const folder = parseFolder(url.pathname);
  const { after, limit } = parsePage(url.searchParams);
  const accept = context.requestHeader.get("accept") ?? "*/*";
  const [html, json] = [acceptedQuality(accept, ["text/html"]), acceptedQuality(accept, ["application/json"])];
  const header = new Headers({
    "cache-control": "no-cache",
    vary: "accept, origin",
    "x-content-type-options": "nosniff",
  });
  if (html === 0 && json === 0) return { status: 406, header };
  const page = await listFolderPage(catalog, context, { folder, after, limit });
  if (page.entries.length === 0 && folder !== "" && after === "") {
    throw new FlightError("not_found", `there is no dataset in the folder ${quoteName(folder.slice(0, -1))}`);
  }
  const next = page.next === undefined ? undefined : nextQuery(page.next, url.searchParams.get("limit"));
  if (next !== undefined) header.set("link", `<${next}>; rel="next"`);
  const isJson = json > html;
  header.set("content-type", isJson ? "application/json" : "text/html; charset=utf-8");
  // A name in the page cannot run as a script.
  if (!isJson) header.set("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'");
  const body = Buffer.from(isJson ? toJson(folder, page) : toHtml(folder, page, next));
  header.set("content-length", String(body.byteLength));
  return { status: 200, header, ...(!isHead && { body: once(body) }) };
}

/** Returns whether a caller may see a dataset below a path that is not a dataset itself. */
export async function isFolder(catalog: DatasetCatalog, context: CallContext, path: string): Promise<boolean> {
  const folder = parseFolder(`${path}/`);
  return (await listFolderPage(catalog, context, { folder, after: "", limit: 1 })).entries.length > 0;
}

function parseFolder(path: string): string {
  if (path === filesPath) return "";
  return `${parseName(path.slice(0, -1))}/`;
}

function parsePage(searchParams: URLSearchParams): { after: string; limit: number } {
  for (const name of searchParams.keys()) {
    if (name !== "after" && name !== "limit") {
      throw new FlightError("invalid_argument", `a folder takes "after" and "limit", and not ${quoteName(name)}`);
    }
  }
  const limit = searchParams.get("limit") ?? String(entryCountMax);
  if (!/^\d{1,9}$/.test(limit) || Number(limit) < 1 || Number(limit) > entryCountMax) {
    throw new FlightError("invalid_argument", `"limit" must be a whole number from 1 to ${entryCountMax}`);
  }
  return { after: searchParams.get("after") ?? "", limit: Number(limit) };
}

function nextQuery(after: string, limit: string | null): string {
  return `?${new URLSearchParams({ after, ...(limit !== null && { limit }) }).toString()}`;
}

/** Encodes a page as JSON. Counts are strings, as in Connect's JSON, because they may have 64 bits. */
function toJson(folder: string, { entries, next }: FolderPage): string {
  const listed = entries.map((entry) => {
    if (entry.kind === "folder") return { name: entry.name, kind: entry.kind };
    const { rowCount, byteLength, columnCount, changed } = entry.summary;
    const counts = { rows: String(rowCount), bytes: String(byteLength), columns: columnCount };
    return { name: entry.name, kind: entry.kind, ...counts, changed: changed?.toISOString() };
  });
  return `${JSON.stringify({ folder, entries: listed, ...(next !== undefined && { next }) })}\n`;
}

function toHtml(folder: string, { entries }: FolderPage, next: string | undefined): string {
  const title = escapeHtml(`Datasets in /${folder}`);
  const up = folder === "" ? "" : `<tr><td><a href="../">../</a><td><td><td>\n`;
  const more = next === undefined ? "" : `<p><a rel="next" href="${escapeHtml(next)}">Next page</a>\n`;
  const style = "body{font:1rem/1.5 system-ui;margin:2rem}td,th{padding:0 1rem 0 0;text-align:left}";
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>:root{color-scheme:light dark}${style}</style>
<h1>${title}</h1>
<table><tr><th>Name<th>Rows<th>Bytes<th>Changed
${up}${entries.map(toRow).join("")}</table>
${more}</html>
`;
}

function toRow({ name, ...entry }: FolderEntry): string {
  const href = name.split("/").map(encodeURIComponent).join("/");
  // A relative link whose first segment has a colon would be an absolute URL, so encodeURIComponent encodes it.
  const link = `<a href="${escapeHtml(href)}">${escapeHtml(name)}</a>`;
  if (entry.kind === "folder") return `<tr><td>${link}<td><td><td>\n`;
  const { rowCount, byteLength, changed } = entry.summary;
  return `<tr><td>${link}<td>${knownCount(rowCount)}<td>${knownCount(byteLength)}<td>${changed?.toISOString() ?? ""}\n`;
}

function knownCount(count: bigint): string {
  return count < 0n ? "" : String(count);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
