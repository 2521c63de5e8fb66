import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("footers that few writers write", join(import.meta.dirname, "odd_footers.py"), () => startHangar());
