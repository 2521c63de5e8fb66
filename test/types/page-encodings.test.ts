import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("encodings that few writers choose", join(import.meta.dirname, "page_encodings.py"), () =>
  startHangar(),
);
