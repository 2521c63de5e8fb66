import { randomUUID } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { decodeBinaryHeader } from "@connectrpc/connect";
import { FlightError } from "../../../src/flight/index.ts";
import { BasicAuthSchema } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { anonymous } from "../../../src/producer/index.ts";
import { fromUtf8, utf8 } from "./arrow.ts";
import type { Scenario } from "./scenario.ts";

/** A handshake takes user name and password and gives a token, without which there is no other call. */
export function authBasicProto(): Scenario {
  const subjects = new Map<string, string>();
  return {
    authenticate: ({ header, method }) => {
      // A page's handshake comes in calls of DuplexService; the call that they carry is authenticated by itself.
      if (method.endsWith("/Handshake") || method.startsWith("hangar.v1.DuplexService/")) return anonymous;
      const subject = subjects.get(fromUtf8(decodeBinaryHeader(header.get("auth-token-bin") ?? "")));
      if (subject === undefined) throw new FlightError("unauthenticated", "there is no token, or an unknown one");
      return { subject };
    },
    producer: {
      async *handshake(_context, requests) {
        for await (const { payload } of requests) {
          const { username, password } = fromBinary(BasicAuthSchema, payload);
          if (username !== "arrow" || password !== "flight") {
            throw new FlightError("unauthenticated", "user name or password are wrong");
          }
          const token = randomUUID();
          subjects.set(token, username);
          yield { payload: utf8(token) };
          return;
        }
      },
      async *doAction({ identity }) {
        yield { body: utf8(identity.subject) };
      },
    },
  };
}
