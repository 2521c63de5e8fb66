import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { FlightError } from "../../flight/index.ts";

const validator = createValidator();

/**
 * Checks a request by the rules that its proto has.
 *
 * @throws FlightError INVALID_ARGUMENT that names the first field whose value is refused
 */
export function assertValid<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): void {
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return;
  if (result.kind === "error") throw result.error;
  const [violation] = result.violations;
  throw new FlightError("invalid_argument", violation === undefined ? "the request is not valid" : String(violation));
}
