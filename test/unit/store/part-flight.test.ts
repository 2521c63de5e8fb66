import { expect, test } from "vitest";
import { encodeSchema } from "../../../src/arrow/index.ts";
import { parseDatasetName, type FlightCommand } from "../../../src/dataset/index.ts";
import { fileEndpointCountMax, fileEndpointsBytesMax } from "../../../src/dataset/limits.ts";
import { createCommandDescriptor, FlightError } from "../../../src/flight/index.ts";
import type { DescribedDataset } from "../../../src/store/dataset-reader.ts";
import { describeFolder } from "../../../src/store/folder/describe-folder.ts";
import { createPartInfo } from "../../../src/store/part-flight.ts";
import { selectPart } from "../../../src/store/select-part.ts";

const schemaHeader = encodeSchema({
  fields: [{ name: "n", nullable: true, type: { kind: "bool" }, children: [], metadata: new Map() }],
  metadata: new Map(),
});
const version = { id: "1", byteLength: 100, changed: new Date(0) };
const facts = {
  rowCount: 2n,
  byteLength: 100n,
  schemaHeader,
  rowGroups: [{ rowCount: 2, byteLength: 100 }],
  heldBytes: 0,
};
const fileOf = (name: string): DescribedDataset => ({ name: parseDatasetName(name), version, facts, columnCount: 1 });

/** Returns the endpoints by files of a folder, the half of whose files is of one year. */
function endpointsOf(fileCount: number, command: Omit<FlightCommand, "dataset"> = {}, peers: readonly string[] = []) {
  const files = Array.from({ length: fileCount }, (_, i) => fileOf(`s/year=${2000 + (i % 2)}/${i}.parquet`));
  const dataset = describeFolder(parseDatasetName("s/**"), files, version);
  const asked = { dataset: "s/**", endpoints: "files" as const, ...command };
  const { endpoint } = createPartInfo({
    descriptor: createCommandDescriptor(new Uint8Array()),
    command: asked,
    dataset,
    part: selectPart(dataset.facts, asked),
    locations: ["grpc://a:1"],
    peers,
    origin: new URL("http://a:1"),
  });
  return endpoint!;
}

function refusalOf(call: () => unknown): { readonly code: string; readonly message: string } {
  try {
    call();
  } catch (reason) {
    if (reason instanceof FlightError) return { code: reason.code, message: reason.message };
    throw reason;
  }
  throw new Error("the call was expected to fail");
}

test("a flight by files has an endpoint for each of the most files, and refuses one more", () => {
  expect(endpointsOf(fileEndpointCountMax)).toHaveLength(fileEndpointCountMax);
  expect(refusalOf(() => endpointsOf(fileEndpointCountMax + 1))).toEqual({
    code: "resource_exhausted",
    message: `"s/**" has ${fileEndpointCountMax + 1} files to read, and the endpoints of a flight by files are limited to ${fileEndpointCountMax}; use a filter, a narrower pattern, or a number of endpoints`,
  });
  expect(endpointsOf(fileEndpointCountMax + 1, { filter: "year = 2000" })).toHaveLength(fileEndpointCountMax / 2 + 1);
});

test("a flight by files is refused if its tickets or locations are too large", () => {
  const limited = `"s/**" has 9000 files to read, and the endpoints of a flight by files are limited to ${fileEndpointsBytesMax} bytes`;
  const tooLarge = { code: "resource_exhausted", message: expect.stringContaining(limited) };
  const filter = `year in (${Array.from({ length: 200 }, (_, i) => 2000 + i).join(", ")})`;
  expect(refusalOf(() => endpointsOf(9000, { filter }))).toEqual(tooLarge);
  expect(refusalOf(() => endpointsOf(9000, {}, ["grpc://b:1".padEnd(1000, "b")]))).toEqual(tooLarge);
  const limit = { columns: ["n"], limit: 2 * 9000 };
  expect(endpointsOf(9000, limit)).toHaveLength(9000);
});
