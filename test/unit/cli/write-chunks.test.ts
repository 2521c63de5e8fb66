import { expect, test } from "vitest";
import { writeChunks } from "../../../src/cli/write-chunks.ts";
import { joinPieces } from "../../../src/flight/index.ts";

const never = new AbortController().signal;
const frameBytes = 64 * 1024;

/** A file that keeps what each call gets, and writes at most `bytesMax` of it. */
function createFile(bytesMax = Infinity) {
  const calls: Uint8Array[] = [];
  let openCount = 0;
  const writev = async (pieces: readonly Uint8Array[]) => {
    expect(++openCount).toBe(1);
    const bytes = joinPieces(pieces);
    const written = bytes.subarray(0, Math.min(bytes.byteLength, bytesMax));
    await new Promise(setImmediate);
    calls.push(written);
    openCount -= 1;
    return { bytesWritten: written.byteLength };
  };
  return { calls, writev };
}

async function* toChunks(count: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield new Uint8Array(frameBytes).fill(i);
}

test("chunks of the size of HTTP/2 frames are written 4 MiB at a time", async () => {
  const file = createFile();
  await writeChunks(toChunks(160), file, never);
  expect(file.calls.map(({ byteLength }) => byteLength)).toEqual([4, 4, 2].map((mebibytes) => mebibytes * 1024 * 1024));
});

test("a call that writes a part is followed by one for the rest", async () => {
  const file = createFile(100_000);
  await writeChunks(toChunks(5), file, never);
  expect(joinPieces(file.calls)).toEqual(joinPieces(await Array.fromAsync(toChunks(5))));
});

test("text is written in UTF-8", async () => {
  const file = createFile();
  const text = async function* () {
    yield* ["Łódź", "", "\n"];
  };
  await writeChunks(text(), file, never);
  expect(joinPieces(file.calls)).toEqual(new Uint8Array(Buffer.from("Łódź\n")));
});

test("an error of the file ends the source", async () => {
  let isLeft = false;
  const source = async function* () {
    try {
      yield* toChunks(1000);
    } finally {
      isLeft = true;
    }
  };
  const writev = () => Promise.reject(new Error("disk full"));
  await expect(writeChunks(source(), { writev }, never)).rejects.toThrow("disk full");
  expect(isLeft).toBe(true);
});

test("a signal ends it also while the source waits", async () => {
  const stopping = new AbortController();
  const source = async function* () {
    yield new Uint8Array(1);
    stopping.abort(new Error("stop"));
    await new Promise(() => {});
  };
  await expect(writeChunks(source(), createFile(), stopping.signal)).rejects.toThrow("stop");
});
