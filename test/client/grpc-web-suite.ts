import { create, fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { tableFromArrays, tableFromIPC } from "apache-arrow";
import { GrpcWebClientBase, MethodDescriptor, MethodType, StatusCode, type Metadata, type Status } from "grpc-web";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeIpcStream } from "../../src/arrow/index.ts";
import type { DatasetClient } from "../../src/client/index.ts";
import { createPathDescriptor, fromFlightData } from "../../src/flight/index.ts";
import {
  ActionSchema,
  CriteriaSchema,
  FlightDataSchema,
  FlightDescriptorSchema,
  FlightInfoSchema,
  FlightService,
  ResultSchema,
  TicketSchema,
} from "../../src/gen/arrow/flight/protocol/flight_pb.ts";

/** A method as Google's code generator describes it, with messages of another library. */
function describeMethod<I extends DescMessage, O extends DescMessage>(name: string, input: I, output: O, type: string) {
  return new MethodDescriptor<MessageShape<I>, MessageShape<O>>(
    `/${FlightService.typeName}/${name}`,
    type,
    Object as never,
    Object as never,
    (message: MessageShape<I>) => toBinary(input, message),
    (bytes: Uint8Array) => fromBinary(output, bytes),
  );
}

const getFlightInfo = describeMethod("GetFlightInfo", FlightDescriptorSchema, FlightInfoSchema, MethodType.UNARY);
const listFlights = describeMethod("ListFlights", CriteriaSchema, FlightInfoSchema, MethodType.SERVER_STREAMING);
const doGet = describeMethod("DoGet", TicketSchema, FlightDataSchema, MethodType.SERVER_STREAMING);
const doAction = describeMethod("DoAction", ActionSchema, ResultSchema, MethodType.SERVER_STREAMING);

/** Of 8 bytes each; several messages, none of which is larger than Google's client reads, which is 4 MB. */
const rowCount = 600_000;

/**
 * What Google's own client, the npm package `grpc-web`, gets of a server with the scenario producer, in both of its forms.
 *
 * @param connected - gives our client of the server, and its address
 */
export function describeGrpcWeb(connected: () => { client: DatasetClient; url: string }): void {
  beforeAll(async () => {
    const numbers = Float64Array.from({ length: rowCount }, (_, i) => i);
    await connected().client.put("google", tableFromArrays({ n: numbers }));
  });

  describe.each(["text", "binary"] as const)("Google's grpc-web in its %s form", (format) => {
    const google = new GrpcWebClientBase({ format });
    const unary = <I, O>(method: MethodDescriptor<I, O>, request: I): Promise<O> =>
      google.unaryCall(connected().url + method.getName(), request, {}, method);

    function stream<I, O>(method: MethodDescriptor<I, O>, request: I, metadata: Metadata = {}) {
      const messages: O[] = [];
      const header: Metadata = {};
      const calling = google.serverStreaming(connected().url + method.getName(), request, metadata, method);
      return new Promise<{ messages: O[]; header: Metadata; status: Status | undefined }>((resolve, reject) => {
        let status: Status | undefined;
        calling.on("data", (message) => messages.push(message));
        calling.on("metadata", (fields) => Object.assign(header, fields));
        calling.on("status", (last) => (status = last));
        calling.on("error", reject);
        calling.on("end", () => resolve({ messages, header, status }));
      });
    }

    test("asks for a flight", async () => {
      const info = await unary(getFlightInfo, createPathDescriptor(["google"]));
      expect(info.totalRecords).toBe(BigInt(rowCount));
    });

    test("lists flights", async () => {
      const { messages, status } = await stream(listFlights, create(CriteriaSchema));
      expect(messages.map(({ flightDescriptor }) => flightDescriptor?.path)).toContainEqual(["google"]);
      expect(status?.code ?? StatusCode.OK).toBe(StatusCode.OK);
    });

    test("gets a dataset of some megabytes as it was put", async () => {
      const ticket = create(TicketSchema, { ticket: new TextEncoder().encode("google") });
      const { messages } = await stream(doGet, ticket);
      expect(messages.length).toBeGreaterThan(2);
      const table = tableFromIPC(encodeIpcStream(messages.map((message) => fromFlightData(message, undefined))));
      const numbers = table.getChild("n")!.toArray() as Float64Array;
      expect(numbers.length).toBe(rowCount);
      expect(numbers.every((value, i) => value === i)).toBe(true);
    });

    test("sends and reads metadata", async () => {
      const { header } = await stream(doAction, create(ActionSchema, { type: "headers" }), { "x-question": "why" });
      expect(header["x-answer"]).toBe("why");
    });

    test("is told by code and name that a dataset is missing", async () => {
      const told = { code: StatusCode.NOT_FOUND, message: expect.stringContaining("absent") as string };
      await expect(unary(getFlightInfo, createPathDescriptor(["absent"]))).rejects.toMatchObject(told);
      const ticket = create(TicketSchema, { ticket: new TextEncoder().encode("absent") });
      await expect(stream(doGet, ticket)).rejects.toMatchObject(told);
    });
  });
}
