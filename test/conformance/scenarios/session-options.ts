import { randomUUID } from "node:crypto";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FlightError } from "../../../src/flight/index.ts";
import {
  CloseSessionResult_Status as CloseStatus,
  CloseSessionResultSchema,
  GetSessionOptionsResultSchema,
  SetSessionOptionsRequestSchema,
  SetSessionOptionsResult_ErrorValue as ErrorValue,
  SetSessionOptionsResult_ErrorSchema as errorSchema,
  SetSessionOptionsResultSchema,
  type SessionOptionValue,
} from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { CallContext } from "../../../src/producer/index.ts";
import type { Scenario } from "./scenario.ts";

const cookieName = "arrow_flight_session_id";
/** The name, or the value, of an option that a server is to refuse. */
const invalid = "lol_invalid";

type Options = Map<string, SessionOptionValue>;

/** Options are kept in a session, which a cookie names. */
export function sessionOptions(): Scenario {
  const sessions = new Map<string, Options>();
  return {
    producer: {
      async *doAction(context, action) {
        const { id, options } = openSession(context, sessions);
        switch (action.type) {
          case "SetSessionOptions":
            yield { body: setOptions(options, action.body) };
            return;
          case "GetSessionOptions": {
            const result = create(GetSessionOptionsResultSchema, { sessionOptions: Object.fromEntries(options) });
            yield { body: toBinary(GetSessionOptionsResultSchema, result) };
            return;
          }
          case "CloseSession": {
            sessions.delete(id);
            context.responseHeader.append("set-cookie", `${cookieName}=; Max-Age=0`);
            const result = create(CloseSessionResultSchema, { status: CloseStatus.CLOSED });
            yield { body: toBinary(CloseSessionResultSchema, result) };
            return;
          }
          default:
            throw new FlightError("unimplemented", "there is no such action");
        }
      },
    },
  };
}

/** The session that the call's cookie names; a call without one begins a session. */
function openSession(context: CallContext, sessions: Map<string, Options>): { id: string; options: Options } {
  const cookies = (context.requestHeader.get("cookie") ?? "").split(/; */);
  const id = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  if (id !== undefined) {
    const options = sessions.get(id);
    if (options === undefined) throw new FlightError("unauthenticated", "the session is closed");
    return { id, options };
  }
  const session = { id: randomUUID(), options: new Map<string, SessionOptionValue>() };
  sessions.set(session.id, session.options);
  context.responseHeader.append("set-cookie", `${cookieName}=${session.id}`);
  return session;
}

/** Sets what can be set, takes out what has no value, and says what was refused. */
function setOptions(options: Options, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = create(SetSessionOptionsResultSchema);
  const refuse = (name: string, value: ErrorValue): void => void (result.errors[name] = create(errorSchema, { value }));
  for (const [name, value] of Object.entries(fromBinary(SetSessionOptionsRequestSchema, body).sessionOptions)) {
    if (name === invalid) refuse(name, ErrorValue.INVALID_NAME);
    else if (value.optionValue.value === invalid) refuse(name, ErrorValue.INVALID_VALUE);
    else if (value.optionValue.case === undefined) options.delete(name);
    else options.set(name, value);
  }
  return toBinary(SetSessionOptionsResultSchema, result);
}
