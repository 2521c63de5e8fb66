/**
 * Everything to write a producer: the interface that a server serves, the contract of the Arrow cookbook's recipe, and
 * a producer that keeps its datasets in memory.
 *
 * @module hangar/producer
 */
export type { MessageBudget, MessageClaim, WireMessage } from "../flight/index.ts";
export {
  anonymous,
  assertNoFlightSql,
  assertRowCount,
  createDatasetInfo,
  createFlightInfo,
  createMemoryProducer,
  datasetMatcher,
  datasetNameFromDescriptor,
  dropDatasetAction,
  ownLocations,
  putCommandFromDescriptor,
  receivePut,
  rights,
  runDatasetAction,
  type Acknowledgement,
  type CallContext,
  type PutLimits,
  type CallFacts,
  type CheckedPut,
  type ColumnStatistics,
  type DatasetCatalog,
  type DatasetDescription,
  type DatasetFiles,
  type DatasetPage,
  type DatasetPageRequest,
  type DatasetStatistics,
  type DatasetSummary,
  type FilePut,
  type FileVersionInfo,
  type FlightContent,
  type FlightProducer,
  type FlightRelay,
  type Identity,
  type IncomingPut,
  type OpenBytes,
  type OpenDatasetFile,
  type PutFileResult,
  type Right,
  type RowGroupStatistics,
  type VersionCondition,
} from "../producer/index.ts";
