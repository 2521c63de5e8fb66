import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { SessionOptionValueSchema, type SessionOptionValue } from "../gen/arrow/flight/protocol/flight_pb.ts";

/** The value of a session option. A number is a double, and a bigint is an int64. `undefined` removes the option. */
export type SessionOption = string | boolean | number | bigint | readonly string[] | undefined;

/** Converts a session option to Flight's message. */
export function toSessionOptionValue(option: SessionOption): SessionOptionValue {
  return create(SessionOptionValueSchema, { optionValue: toCase(option) });
}

/** Converts a session option from Flight's message. */
export function fromSessionOptionValue({ optionValue }: SessionOptionValue): SessionOption {
  return optionValue.case === "stringListValue" ? optionValue.value.values : optionValue.value;
}

type OptionValue = NonNullable<MessageInitShape<typeof SessionOptionValueSchema>["optionValue"]>;

function toCase(option: SessionOption): OptionValue {
  switch (typeof option) {
    case "undefined":
      return { case: undefined };
    case "string":
      return { case: "stringValue", value: option };
    case "boolean":
      return { case: "boolValue", value: option };
    case "number":
      return { case: "doubleValue", value: option };
    case "bigint":
      return { case: "int64Value", value: option };
    default:
      return { case: "stringListValue", value: { values: [...option] } };
  }
}
