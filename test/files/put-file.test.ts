import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { waitUntil } from "../support/wait.ts";
import { run, type Body, useFilesServer } from "./files-server.ts";

const files = useFilesServer();

describe("PUT", () => {
  test.each([
    ["of known length", ["-T", "table.parquet"], "a/b.parquet"],
    ["in chunks", ["-T", "-", "-H", "transfer-encoding: chunked"], "chunked.parquet"],
    ["over HTTP/2", ["--http2-prior-knowledge", "-T", "table.parquet"], "h2.parquet"],
  ])("keeps a Parquet file byte for byte: curl -T %s", async (_, args, name) => {
    const command = ["curl", "-s", "-w", "'%{http_code}'", ...args.map((each) => `'${each}'`), files.urlOf(name)].join(
      " ",
    );
    const { stdout } = await run("sh", ["-c", `${command} < table.parquet`], { cwd: files.folder.path });
    expect(stdout).toBe("201");
    expect((await readFile(join(files.server.repo, name))).equals(files.parquet)).toBe(true);
  });

  test("makes a dataset of an Arrow stream, which a client of Flight gets", async () => {
    const created = await files.put("stream.parquet", files.arrows);
    expect(created.status).toBe(201);
    expect(created.headers.get("etag")).toBe(await files.tagOf("stream.parquet"));
    const program = `
import pyarrow as pa, pyarrow.flight as flight
client = flight.connect("${files.server.location}")
print(client.do_get(flight.Ticket(b"stream.parquet")).read_all().equals(pa.ipc.open_file("table.arrow").read_all()))`;
    const { stdout } = await run(await ensurePython(), ["-c", program], { cwd: files.folder.path });
    expect(stdout).toBe("True\n");
    expect((await files.put("stream.parquet", files.arrows)).status).toBe(204);
  });

  test("takes bytes that come slowly, one after the other", async () => {
    async function* slowly() {
      for (let at = 0; at < 3000; at++) yield files.parquet.subarray(at, at + 1);
      yield files.parquet.subarray(3000);
    }
    const body = ReadableStream.from(slowly());
    const answer = await fetch(files.urlOf("slow.parquet"), { method: "PUT", body, duplex: "half" });
    expect(answer.status).toBe(201);
    expect((await readFile(join(files.server.repo, "slow.parquet"))).equals(files.parquet)).toBe(true);
  });

  test.each<[string, () => Body, string]>([
    ["nothing", () => "", "a Parquet file or an Arrow IPC stream"],
    ["text", () => "id,city\n1,Lima\n", "this is neither"],
    ["the beginning of a Parquet file", () => files.parquet.subarray(0, 5000), "does not end like a Parquet file"],
    ["a Parquet file without its middle", () => without(files.parquet, 100_000), "cannot be read"],
    ["a Parquet file with pages of nonsense", () => garbled(files.parquet), "cannot be read"],
    ["the beginning of an Arrow stream", () => files.arrows.subarray(0, 5000), "ended inside a message"],
    [
      "an Arrow stream and more",
      () => Buffer.concat([files.arrows, Buffer.alloc(300_000)]),
      "there are bytes after the end",
    ],
    ["an Arrow IPC file", () => Buffer.from("ARROW1\0\0"), "send an Arrow IPC stream"],
  ])("refuses %s, and stores nothing", async (_, body, words) => {
    const answer = await files.put("wrong.parquet", body());
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { code: "invalid_argument", message: expect.stringContaining(words) },
    ]);
    expect((await fetch(files.urlOf("wrong.parquet"))).status).toBe(404);
    expect(await files.leftovers()).toEqual([]);
  });

  test("that is cut stores nothing", async () => {
    for (const head of [`content-length: ${files.parquet.byteLength}`, "transfer-encoding: chunked"]) {
      const socket = connect(files.server.port, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(`PUT /datasets/cut.parquet HTTP/1.1\r\nhost: localhost\r\n${head}\r\n\r\n`);
      const rest = files.parquet.subarray(0, -10);
      socket.write(
        head.startsWith("content") ? rest : Buffer.concat([Buffer.from(`${rest.length.toString(16)}\r\n`), rest]),
      );
      await waitUntil("the upload has begun", async () => (await files.leftovers()).length > 0);
      socket.destroy();
      await once(socket, "close");
      await waitUntil("the upload is discarded", async () => (await files.leftovers()).length === 0);
      expect((await fetch(files.urlOf("cut.parquet"))).status).toBe(404);
    }
  });

  test.each([
    [{ "content-encoding": "gzip" }, "", 400],
    [{ "content-range": "bytes 0-3/10" }, "", 400],
    [{}, "?format=parquet", 400],
    [{}, "/below", 409],
  ])("with %j to %s is refused", async (headers, suffix, status) => {
    await files.put("plain.parquet", files.parquet);
    expect((await files.put(`plain.parquet${suffix}`, files.parquet, headers as Record<string, string>)).status).toBe(
      status,
    );
  });
});

function without(file: Buffer, byteLength: number): Buffer<ArrayBuffer> {
  return Buffer.concat([file.subarray(0, 1000), file.subarray(1000 + byteLength)]);
}

/** Nonsense in the middle of a file, where pages are. */
function garbled(file: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.from(file);
  for (let at = 1_000_000; at < 1_200_000; at++) copy[at] = (at * 7919) >> 3;
  return copy;
}
