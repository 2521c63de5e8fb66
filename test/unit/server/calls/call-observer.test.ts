import { Code } from "@connectrpc/connect";
import { expect, test, vi } from "vitest";
import { CallObserver } from "../../../../src/server/calls/call-observer.ts";
import { silentLogger } from "../../../../src/server/logger.ts";
import { Metrics } from "../../../../src/server/metrics.ts";

const start = { method: "a.Service/Call", protocol: "grpc", peer: "127.0.0.1:1", header: new Headers() };

function observe(isLogged: boolean) {
  const logger = { ...silentLogger, info: vi.fn(), debug: vi.fn(), isLevelEnabled: () => isLogged };
  const audit = { ...silentLogger, info: vi.fn() };
  const observer = new CallObserver({ logger, audit, metrics: new Metrics() });
  return { observer, logger, audit };
}

test("makes no line that the logger would not write", () => {
  const { observer, logger, audit } = observe(false);
  observer.begin(start).end();
  observer.begin({ ...start, isQuiet: true }).end();
  expect(logger.info).not.toHaveBeenCalled();
  expect(logger.debug).not.toHaveBeenCalled();
  expect(audit.info).not.toHaveBeenCalled();
});

test("audits a refused call and a change, even if calls are not logged", () => {
  const { observer, audit } = observe(false);
  observer.begin(start).end(Code.PermissionDenied);
  const change = observer.begin(start);
  change.note({ dataset: "a", right: "drop" });
  change.end();
  expect(audit.info.mock.calls.map(([details]) => (details as { code: string }).code)).toEqual([
    "permission_denied",
    "ok",
  ]);
});

test("logs a call at the level info, and a quiet one at the level debug", () => {
  const { observer, logger } = observe(true);
  observer.begin(start).end();
  observer.begin({ ...start, isQuiet: true }).end();
  expect(logger.info).toHaveBeenCalledOnce();
  expect(logger.debug).toHaveBeenCalledOnce();
});
