import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { waitUntil } from "../support/wait.ts";
import { run, useFilesServer } from "./files-server.ts";

/** The formats that are made of a dataset, and their content codings. */

const files = useFilesServer();

beforeAll(async () => {
  await files.put("table.parquet", files.parquet);
});

/** What curl gets, which says only what it is told to say. */
async function curl(path: string, ...args: string[]): Promise<Buffer> {
  return (await run("curl", ["-s", ...args, files.urlOf(path)], { encoding: "buffer", maxBuffer: 1e9 })).stdout;
}

describe("an answer", () => {
  test("as JSON is an array of the objects of NDJSON", async () => {
    const lines = (await curl("table.parquet?format=ndjson&limit=70000")).toString().trimEnd().split("\n");
    const answer = await fetch(files.urlOf("table.parquet?limit=70000"), { headers: { accept: "application/json" } });
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toEqual(lines.map((line): unknown => JSON.parse(line)));
    expect(await (await fetch(files.urlOf("table.parquet?format=json&filter=id<0"))).json()).toEqual([]);
  });

  test("as an Arrow file is read by pyarrow, also from its end", async () => {
    await writeFile(join(files.folder.path, "got.arrow"), await curl("table.parquet?format=arrow-file"));
    const program = `
import pyarrow as pa, pyarrow.parquet as pq
file = pa.ipc.open_file("got.arrow")
print(file.read_all().equals(pq.read_table("table.parquet")), file.get_batch(file.num_record_batches - 1)["id"][-1].as_py())`;
    const { stdout } = await run(await ensurePython(), ["-c", program], { cwd: files.folder.path });
    expect(stdout).toBe("True 299999\n");
  });

  test.each(["ndjson", "csv", "json", "arrow", "arrow-file"])(
    "as %s comes by zstd and gzip, and is the same",
    async (format) => {
      const path = `table.parquet?format=${format}`;
      const plain = await curl(path);
      for (const coding of ["zstd", "gzip"]) {
        const headers = (await curl(path, "-I", "-H", `accept-encoding: ${coding}`)).toString();
        expect(headers).toContain(`content-encoding: ${coding}`);
        expect(headers).toMatch(/^vary: .*accept-encoding/im);
        const coded = await curl(path, "-H", `accept-encoding: ${coding}`);
        expect(coded.byteLength).toBeLessThan(plain.byteLength);
        await writeFile(join(files.folder.path, "coded"), coded);
        const decode = `
import pyarrow, sys
sys.stdout.buffer.write(pyarrow.input_stream("coded", compression=sys.argv[1]).read())`;
        const python = await ensurePython();
        const options = { cwd: files.folder.path, encoding: "buffer", maxBuffer: 1e9 } as const;
        expect((await run(python, ["-c", decode, coding], options)).stdout.equals(plain)).toBe(true);
      }
    },
  );

  test.each([
    ["gzip;q=0.5, zstd;q=0.4", "gzip"],
    ["br, gzip, zstd", "zstd"],
    ["br", undefined],
    ["gzip;q=0", undefined],
    ["identity", undefined],
  ])("to %s is %s", async (accepted, coding) => {
    const headers = await curl("table.parquet?format=csv", "-I", "-H", `accept-encoding: ${accepted}`);
    expect(/^content-encoding: (\S+)/m.exec(headers.toString())?.[1]).toBe(coding);
  });

  test("as Parquet is never coded, so that its ranges are those of the file", async () => {
    for (const query of ["", "?format=parquet&limit=9"]) {
      const headers = await curl(`table.parquet${query}`, "-I", "-H", "accept-encoding: gzip, zstd");
      expect(headers.toString()).not.toMatch(/^content-encoding:/im);
    }
  });

  test("that is left leaves no file open", async () => {
    const openFiles = async (): Promise<number> => {
      const metrics = await (await fetch(`${files.server.url}/metrics`)).text();
      return Number(/^process_open_fds (\d+)$/m.exec(metrics)?.[1]);
    };
    const before = await openFiles();
    expect(before).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) {
      const leaving = new AbortController();
      const headers = { "accept-encoding": "gzip" };
      const answer = await fetch(files.urlOf("table.parquet?format=csv"), { headers, signal: leaving.signal });
      await answer.body!.getReader().read();
      leaving.abort();
    }
    await waitUntil("the files are closed", async () => (await openFiles()) <= before + 2);
  });
});
