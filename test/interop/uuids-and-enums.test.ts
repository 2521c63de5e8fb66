import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("UUIDs and ENUMs of Hangar", join(import.meta.dirname, "uuids-and-enums.py"), () => startHangar());
