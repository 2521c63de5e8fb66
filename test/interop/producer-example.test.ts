import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { readFences } from "../docs/fences.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");

const read = `
import sys
import pyarrow.flight as flight
client = flight.connect(sys.argv[1])
for info in client.list_flights():
    described = client.get_flight_info(info.descriptor)
    print(info.descriptor.path, described.total_records, client.do_get(described.endpoints[0].ticket).read_all().to_pylist())
`;

test("pyarrow lists, describes and gets what the whole producer of docs/producers.md serves", async () => {
  await using folder = await createTemporaryFolder();
  await mkdir(join(folder.path, "node_modules"));
  await symlink(root, join(folder.path, "node_modules/hangar"));
  await symlink(join(root, "node_modules/apache-arrow"), join(folder.path, "node_modules/apache-arrow"));
  const program = readFences("docs/producers.md").find(({ text }) => text.includes("listFlights"))!.text;
  expect(program.split("\n").length).toBeLessThan(30);
  await writeFile(join(folder.path, "example.ts"), program);
  await using child = startChild(process.execPath, [join(folder.path, "example.ts")]);
  const [location] = await child.waitFor(/grpc:\/\/127\.0\.0\.1:\d+/);
  const { stdout } = await promisify(execFile)(await ensurePython(), ["-c", read, location]);
  expect(stdout.trim()).toBe("[b'geo', b'cities'] 2 [{'city': 'Lima', 'height': 154}, {'city': 'Oslo', 'height': 23}]");
});
