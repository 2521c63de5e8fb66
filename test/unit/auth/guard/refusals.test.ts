import { expect, test } from "vitest";
import { allowPut } from "../../../../src/auth/guard/limit-put.ts";
import { Gatekeeper } from "../../../../src/auth/guard/gatekeeper.ts";
import { parseDatasetName } from "../../../../src/dataset/index.ts";
import { FlightError } from "../../../../src/flight/index.ts";
import { anonymous, type Right } from "../../../../src/producer/index.ts";

/* Every refusal names the right that is missing. */

const dataset = parseDatasetName("sales/may");
const method = "arrow.flight.protocol.FlightService/DoAction";

type Act = (gatekeeper: Gatekeeper, call: { identity: { subject: string }; method: string }) => Promise<unknown>;

const cases: readonly [string, readonly Right[], Act, string][] = [
  ["a drop", ["read"], (gate, call) => gate.assertMayDrop(call, dataset), 'the right "drop" for dataset "sales/may"'],
  [
    "an action on all data",
    ["read"],
    (gate, call) => gate.assertMay(call, "replace"),
    `the right "replace" for all datasets ("**") to call ${method}`,
  ],
  ["metrics", ["read"], (gate, call) => gate.assertMay(call, "admin"), `the right "admin" to call ${method}`],
  [
    "a put in the mode create",
    ["read"],
    (gate, call) => allowPut(gate, call, { dataset, mode: "create" }),
    'the right "write" for dataset "sales/may"',
  ],
  [
    "a put in the mode replace",
    ["read"],
    (gate, call) => allowPut(gate, call, { dataset, mode: "replace" }),
    'the right "replace" for dataset "sales/may", or "write" if it is new',
  ],
  [
    "a put that would replace, by a caller that may only create",
    ["write"],
    async (gate, call) => {
      const put = await allowPut(gate, call, { dataset, mode: "replace" });
      throw await put.explain(new FlightError("already_exists", "it exists"));
    },
    'the right "replace" for dataset "sales/may"',
  ],
];

test.each(cases)("%s", async (_, rights, act, needed) => {
  const gatekeeper = new Gatekeeper((_identity, { right }) => rights.includes(right));
  await expect(act(gatekeeper, { identity: { subject: "ann" }, method })).rejects.toMatchObject({
    code: "permission_denied",
    message: `you need ${needed}`,
  });
  await expect(act(gatekeeper, { identity: anonymous, method })).rejects.toMatchObject({
    code: "unauthenticated",
    message: `you need credentials and ${needed}`,
  });
});
