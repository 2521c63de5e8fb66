import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("folders of Hangar", join(import.meta.dirname, "folders.py"), () => startHangar());
