import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("footers that contradict themselves", join(import.meta.dirname, "contradictions.py"), () =>
  startHangar(),
);
