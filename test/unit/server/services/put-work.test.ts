import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Message } from "apache-arrow/fb/message";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { Schema } from "apache-arrow/fb/schema";
import type { ByteBuffer } from "flatbuffers";
import { expect, test, vi } from "vitest";
import { joinBody } from "../../../../src/flight/index.ts";
import { FlightDataSchema, FlightService } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { createTable, toPutFrames } from "../../../contract/tables.ts";
import { openTestStore, serveStore } from "../../../support/test-store.ts";

test("a put opens each header once, decodes each layout once, and checks its schema once", async () => {
  await using server = await serveStore(await openTestStore());
  const frames = toPutFrames(["counted"], createTable(1, { batchCount: 5 }));
  const opened = vi.spyOn(Message, "getRootAsMessage");
  const layouts = vi.spyOn(RecordBatch.prototype, "nodesLength");
  const schemas = vi.spyOn(Schema.prototype, "fields");
  const client = createClient(FlightService, createGrpcTransport({ baseUrl: `http://127.0.0.1:${server.port}` }));
  async function* messages() {
    for (const frame of frames) {
      const { descriptor, header, appMetadata } = frame;
      const parts = {
        dataHeader: header.slice(),
        appMetadata: appMetadata.slice(),
        dataBody: joinBody(frame).slice(),
      };
      yield create(FlightDataSchema, { ...parts, ...(descriptor && { flightDescriptor: descriptor }) });
    }
  }
  for await (const _ of client.doPut(messages())) continue;
  const isSent = ([buffer]: readonly [ByteBuffer, ...unknown[]]) =>
    frames.some(({ header }) => Buffer.compare(buffer.bytes(), header) === 0);
  expect(opened.mock.calls.filter(isSent)).toHaveLength(frames.length);
  expect(layouts).toHaveBeenCalledTimes(5);
  // It is decoded, and its strings are checked.
  expect(schemas.mock.calls.filter(([index]) => index === 0)).toHaveLength(2);
});
