import { expect, test } from "vitest";
import { planHeaders, type UpstreamCredentials } from "../../../src/proxy/credentials.ts";

const request = new Headers({
  authorization: "Bearer caller",
  "auth-token-bin": "Y2FsbGVy",
  cookie: "session=caller",
  traceparent: "00-1-2-03",
  "x-tenant": "a",
});
const answer = new Headers({
  authorization: "Bearer upstream",
  "set-cookie": "session=upstream",
  "www-authenticate": "Bearer",
  "x-arrow-status": "2",
});

const cases: [UpstreamCredentials, sent: string[], given: string[]][] = [
  [
    { kind: "forward" },
    ["auth-token-bin", "authorization", "cookie", "traceparent", "x-tenant"],
    ["authorization", "set-cookie", "www-authenticate", "x-arrow-status"],
  ],
  [{ kind: "replace", authorization: "Bearer own" }, ["authorization", "traceparent", "x-tenant"], ["x-arrow-status"]],
  [{ kind: "none" }, ["traceparent", "x-tenant"], ["x-arrow-status"]],
];

test.each(cases)("with credentials %j, these headers pass", (credentials, sent, given) => {
  for (const forwardHeaders of [["x-tenant"], ["*"]]) {
    const { filterRequest, filterAnswer } = planHeaders(credentials, forwardHeaders);
    expect([...filterRequest(request).keys()]).toEqual(sent);
    expect([...filterAnswer(answer).keys()].sort()).toEqual([...given].sort());
    const authorization = filterRequest(request).get("authorization");
    expect(authorization).toBe({ forward: "Bearer caller", replace: "Bearer own", none: null }[credentials.kind]);
  }
});
