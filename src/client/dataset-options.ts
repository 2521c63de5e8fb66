import type { Transport } from "@connectrpc/connect";
import type { CompactCommand, CompactedFile, PutMode } from "../dataset/index.ts";
import type { FilterInput } from "../filter/index.ts";
import type { CredentialOptions } from "./credentials.ts";
import type { GetFile } from "./fetch-file.ts";
import type { Progress } from "./record-batches.ts";
import type { CallOptions, HeaderFields } from "./run-call.ts";
import type { SendFile } from "./upload-file.ts";

/** Options of a `DatasetClient`. `connect` sets them. */
export interface DatasetClientOptions extends CredentialOptions {
  /** The URL of the server. */
  readonly url: URL;
  /** Creates the transport to a server: this one, or another one that an endpoint names. */
  readonly openTransport: (url: URL) => Transport;
  /** Request headers of every call to this server, such as `authorization`. */
  readonly headers?: HeaderFields | undefined;
  /**
   * Returns the request headers for another server that an endpoint names. None by default: the credentials for one
   * server are not sent to another.
   */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /** Uploads files to this server; see `createWebFileSender` and `createHttp2FileSender`. */
  readonly sendFile: SendFile;
  /** Downloads files from this server; by `fetch` by default. */
  readonly getFile?: GetFile | undefined;
  /** Downloads from endpoints with an HTTP location; the global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** The maximum number of endpoints of a flight to read at once. */
  readonly endpointsAtOnceMax: number;
  /** Closes the connections of the transports. */
  readonly close?: (() => void) | undefined;
}

/** Options of `DatasetClient.put`. */
export interface PutOptions extends CallOptions {
  /**
   * The effect on a dataset of the same name: `replace` replaces it, `create` fails with ALREADY_EXISTS. `append` puts
   * one more dataset into the folder of the name, as `DatasetClient.append` does. By default the server decides; a Hangar
   * server replaces. Only Hangar servers support modes.
   */
  readonly mode?: PutMode | undefined;
  /**
   * Identifies an append, so that it can be repeated: up to 128 letters, digits, `_`, `.` and `-`. Random by default.
   */
  readonly id?: string | undefined;
  /**
   * The declared number of rows, for a source that may end early without an error. If another number arrives, a Hangar
   * server fails the put with INVALID_ARGUMENT and stores nothing. Other servers ignore the number.
   */
  readonly rowCount?: number | undefined;
  /** Called after each batch that was sent. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Options of `DatasetClient.append`. */
export type AppendOptions = Omit<PutOptions, "mode">;

/** Options of `DatasetClient.compact`. */
export interface CompactOptions extends CallOptions, Omit<CompactCommand, "folder"> {
  /** Called with each new file. */
  readonly onFile?: ((file: CompactedFile) => void) | undefined;
}

/** The result of `DatasetClient.put`. */
export interface Stored extends Progress {
  /** The name of the dataset; for an append, the name of the new one. */
  readonly name: string;
}

/** The result of `DatasetClient.append`. The rows and bytes are 0 if the append was stored before. */
export interface Appended extends Stored {
  /** Whether this call stored it. */
  readonly isNew: boolean;
}

/** Options of `DatasetClient.sql`. */
export interface ReadingOptions extends CallOptions {
  /** Called after each batch that was received. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Options of `DatasetClient.get`. Only Hangar servers support the selection of columns and rows. */
export interface GetOptions extends ReadingOptions {
  /** Names of columns; all columns by default. The result has them in the dataset's order. */
  readonly columns?: readonly string[] | undefined;
  /** The filter for rows, such as `fare > 10 and vendor in ('CMT')`; all rows by default. */
  readonly filter?: FilterInput | undefined;
  /** The number of filtered rows to skip; 0 by default. */
  readonly offset?: number | undefined;
  /** The maximum number of rows; unlimited by default. */
  readonly limit?: number | undefined;
  /**
   * The maximum number of parts that the server divides the dataset into, for parallel reads; 1 by default. With `files`,
   * each file of a folder is a part.
   */
  readonly endpoints?: number | "files" | undefined;
}
