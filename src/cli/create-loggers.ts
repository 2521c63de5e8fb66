import { pino, type Logger } from "pino";

/** The loggers of `hangar serve`, which write JSON lines to standard error. */
export interface Loggers {
  readonly logger: Logger;
  /** Writes audit lines at all levels except `silent`. */
  readonly auditLogger: Logger;
  /** Sets the least severe level to log. */
  setLevel(level: string): void;
}

/**
 * Creates the loggers of a server. Lines of many calls are written together in the background. The rest is written when
 * the process exits.
 */
export function createLoggers(level: string): Loggers {
  const destination = pino.destination({ dest: 2, sync: false });
  process.on("exit", () => destination.flushSync());
  const logger = pino({ level }, destination);
  const auditLogger = logger.child({});
  const setLevel = (next: string): void => {
    logger.level = next;
    auditLogger.level = next === "silent" ? next : "info";
  };
  setLevel(level);
  return { logger, auditLogger, setLevel };
}
