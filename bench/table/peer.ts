import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** A page that reads rows with hyparquet, and a plain HTTP server that sends it ranges of the file. */
export interface PeerPage extends AsyncDisposable {
  /** The page that reads the first rows of some columns; of all by default. */
  url(columns?: readonly string[]): string;
}

/** Starts the server. The page sets `readMs` when it has the rows. */
export async function startPeer(file: string): Promise<PeerPage> {
  const bundle = await rolldown({ input: join(import.meta.dirname, "peer-page.js") });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  await bundle.close();
  const { size } = await stat(file);
  const server = createServer((req, res) => {
    const path = req.url?.split("?", 1)[0];
    if (path === "/file") return sendRange(req, res, { file, size });
    res.setHeader("content-type", path === "/page.js" ? "text/javascript" : "text/html");
    res.end(path === "/page.js" ? output[0].code : `<!doctype html><script type="module" src="/page.js"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (columns) => `http://127.0.0.1:${port}/?columns=${(columns ?? []).join(",")}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendRange(req: IncomingMessage, res: ServerResponse, { file, size }: { file: string; size: number }): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(size - 1, Number(range?.[2] || Infinity));
  res.writeHead(range ? 206 : 200, {
    "accept-ranges": "bytes",
    "content-length": end - start + 1,
    ...(range && { "content-range": `bytes ${start}-${end}/${size}` }),
  });
  if (req.method === "HEAD") res.end();
  else createReadStream(file, { start, end, highWaterMark: 1 << 20 }).pipe(res);
}
