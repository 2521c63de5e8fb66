import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";
import { FlightError } from "../../flight/index.ts";
import { formatType, type Field, type Schema } from "../../arrow/index.ts";
import type { DatasetService } from "../../gen/hangar/v1/dataset_service_pb.ts";
import type { DatasetCatalog, DatasetFiles, DatasetSummary } from "../../producer/index.ts";
import { assertValid } from "../rpc/assert-valid.ts";
import { createCallContext } from "../rpc/call-context.ts";
import { describeStatistics } from "./describe-statistics.ts";
import { previewRows } from "./preview-rows.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";

const pageSizeDefault = 100;

/** The dependencies of the service. */
export interface DatasetSources {
  readonly catalog: DatasetCatalog;
  /** Without it, the service returns neither rows nor statistics. */
  readonly files: DatasetFiles | undefined;
}

/** Implements `hangar.v1.DatasetService` over a catalog, and over files if there are any. */
export function createDatasetService(
  { catalog, files }: DatasetSources,
  translator: ErrorTranslator,
): ServiceImpl<typeof DatasetService> {
  return {
    listDatasets: (request, context) =>
      translator.unary(context, async () => {
        assertValid(context.method.input, request);
        const pageSize = request.pageSize === 0 ? pageSizeDefault : request.pageSize;
        const after = decodePageToken(request.pageToken);
        const page = await catalog.listDatasets(createCallContext(context), { pageSize, after, glob: request.glob });
        const last = page.more ? page.datasets.at(-1) : undefined;
        return {
          datasets: page.datasets.map(toDataset),
          nextPageToken: last === undefined ? "" : encodePageToken(last.name),
        };
      }),
    getDataset: (request, context) =>
      translator.unary(context, async () => {
        assertValid(context.method.input, request);
        const call = createCallContext(context);
        const { summary, schema } = await catalog.getDataset(call, request.name);
        const described = { dataset: toDataset(summary), schema: toSchema(schema) };
        if (!request.statistics) return described;
        return { ...described, statistics: await describeStatistics(files, call, request.name) };
      }),
    previewRows: (request, context) =>
      translator.unary(context, async () => {
        assertValid(context.method.input, request);
        return await previewRows(files, createCallContext(context), request);
      }),
    describeServer: () => ({ files: files !== undefined }),
    dropDataset: (request, context) =>
      translator.unary(context, async () => {
        assertValid(context.method.input, request);
        await catalog.dropDataset(createCallContext(context), request.name);
        return {};
      }),
  };
}

/** A page token is the last name of the previous page. It is encoded, so that clients do not construct tokens. */
function encodePageToken(name: string): string {
  return Buffer.from(name, "utf8").toString("base64url");
}

function decodePageToken(token: string): string {
  const name = Buffer.from(token, "base64url").toString("utf8");
  if (encodePageToken(name) !== token) {
    throw new FlightError("invalid_argument", "page_token is not the next_page_token of an earlier response");
  }
  return name;
}

function toDataset(summary: DatasetSummary) {
  return {
    name: summary.name,
    rows: summary.rowCount,
    bytes: summary.byteLength,
    columns: summary.columnCount,
    ...(summary.changed && { changed: timestampFromDate(summary.changed) }),
  };
}

function toSchema(schema: Schema) {
  return { fields: schema.fields.map(toField), metadata: Object.fromEntries(schema.metadata) };
}

function toField(field: Field): ReturnType<typeof toFieldOnly> & { children: ReturnType<typeof toField>[] } {
  return { ...toFieldOnly(field), children: field.children.map(toField) };
}

function toFieldOnly(field: Field) {
  return {
    name: field.name,
    type: formatType(field),
    nullable: field.nullable,
    metadata: Object.fromEntries(field.metadata),
  };
}
