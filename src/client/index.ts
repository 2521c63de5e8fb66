export { checkOptions, credentialOptionNames, type OptionNames } from "./check-options.ts";
export { connect, type ConnectOptions } from "./connect.ts";
export { createCredentials, type CredentialOptions, type Credentials, type ExchangePassword } from "./credentials.ts";
export { DatasetCatalogClient, type PreviewOptions } from "./dataset-catalog.ts";
export { DatasetClient } from "./dataset-client.ts";
export { createDatasetDescriptor } from "./dataset-descriptor.ts";
export type {
  Appended,
  AppendOptions,
  CompactOptions,
  DatasetClientOptions,
  GetOptions,
  PutOptions,
  ReadingOptions,
  Stored,
} from "./dataset-options.ts";
export { DatasetInfo } from "./dataset-info.ts";
export { decodeBatches, toArrowSchema } from "./decode-batches.ts";
export type { FetchOptions } from "./fetch-client.ts";
export type { GetFile } from "./fetch-file.ts";
export { FlightClient, type FlightClientOptions, type MessageSource } from "./flight-client.ts";
export { parseServerUrl } from "./locations.ts";
export { openCurrent } from "./open-current.ts";
export { readPieces } from "./read-pieces.ts";
export { readEndpoint, type FlightReader } from "./read-endpoint.ts";
export { readFlight, type ReadOptions } from "./read-flight.ts";
export { RecordBatches, type Progress, type StartReading } from "./record-batches.ts";
export type { CallOptions, HeaderFields } from "./run-call.ts";
export type { SessionOption } from "./session-options.ts";
export { toFrames, type Batches, type Chunks, type TableData } from "./table-data.ts";
export { createFlightTransport, type FlightTransportOptions, type Protocol } from "./transport.ts";
export type { FileAnswer, FileRequest, SendFile } from "./upload-file.ts";
export { createWebFileSender } from "./web-file-sender.ts";
export { createWebTransport, type WebTransportOptions } from "./web-transport.ts";
