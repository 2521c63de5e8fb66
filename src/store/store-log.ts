/** What the store says to its operator; a pino logger fits. */
export interface StoreLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Says nothing. */
export const silentLog: StoreLog = { info: () => {}, warn: () => {} };
