/** Where a storage and a store report to their operator; a pino logger fits. */
export interface StorageLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Reports nothing. */
export const silentLog: StorageLog = { info: () => {}, warn: () => {} };
