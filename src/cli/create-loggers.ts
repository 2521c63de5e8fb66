import { pino, type Logger } from "pino";
import { batchLines } from "./batched-lines.ts";

/** The loggers of `hangar serve`, which write JSON lines to standard error. */
export interface Loggers {
  readonly logger: Logger;
  /** Writes audit lines at all levels except `silent`. */
  readonly auditLogger: Logger;
  /** Sets the least severe level to log. */
  setLevel(level: string): void;
}

/** Creates the loggers of a server. */
export function createLoggers(level: string): Loggers {
  const logger = pino({ level }, batchLines(2));
  const auditLogger = logger.child({});
  const setLevel = (next: string): void => {
    logger.level = next;
    auditLogger.level = next === "silent" ? next : "info";
  };
  setLevel(level);
  return { logger, auditLogger, setLevel };
}
