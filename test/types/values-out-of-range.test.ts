import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("values that their type does not allow", join(import.meta.dirname, "values-out-of-range.py"), () =>
  startHangar(),
);
