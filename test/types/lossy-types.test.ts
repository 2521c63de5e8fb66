import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("types that the decoder alone loses a part of", join(import.meta.dirname, "lossy-types.py"), () =>
  startHangar(),
);
