import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar, startProgram, startRecipe } from "../support/server.ts";

const file = (name: string) => join(import.meta.dirname, name);

// Where Hangar and the recipe's own server must answer alike, both run: the latter proves the checks themselves.
for (const [title, start] of [
  ["the recipe's server", startRecipe],
  ["Hangar", startHangar],
] as const) {
  describeChecks(`pyarrow's calls to ${title}`, file("calls.py"), () => start());
  describeChecks(`types put by pyarrow into ${title}`, file("value-types.py"), () => start());
  describeChecks(`files of ${title}`, file("files.py"), () => start());
}

describeChecks("acknowledgements of Hangar", file("acknowledgements.py"), () => startHangar());
describeChecks("appends to Hangar", file("appends.py"), () => startHangar());
describeChecks("filters of Hangar", file("filters.py"), () => startHangar());
describeChecks("filter expressions of Hangar", file("expressions.py"), () => startHangar());
describeChecks("parts of flights of Hangar", file("partial-flights.py"), () => startHangar());
describeChecks("errors of Hangar", file("errors.py"), () => startHangar());

for (const name of ["calls.py", "acknowledgements.py", "memory.py"]) {
  describeChecks(`a producer in memory: ${name}`, file(name), () => startProgram("serve-memory.ts"));
}
