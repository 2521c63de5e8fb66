import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { FlightError } from "../../flight/index.ts";

const validator = createValidator();

/**
 * Validates a request with the rules in its proto file.
 *
 * @throws FlightError INVALID_ARGUMENT naming the first invalid field
 */
export function assertValid<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): void {
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return;
  if (result.kind === "error") throw result.error;
  const [violation] = result.violations;
  throw new FlightError("invalid_argument", violation === undefined ? "the request is not valid" : String(violation));
}
