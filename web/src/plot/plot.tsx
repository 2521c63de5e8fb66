import type { DatasetDescription } from "../api/describe-dataset.ts";
import { reload } from "../state/connection.ts";
import { readSpread } from "../api/read-selection.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { useLoad } from "../state/use-load.ts";
import { formatCount, formatCounted, formatShare } from "../ui/format.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { Canvas, type Axis } from "./canvas.tsx";
import { isTime, PointSample } from "./plot-data.ts";

/** Points that are drawn at most. */
const pointsMax = 50_000;

/** Rows that they are drawn from at most, where the server sends the columns alone, and where it sends everything. */
const readRowsMax = 5_000_000;
const readWholeRowsMax = 200_000;

interface Props {
  readonly dataset: DatasetDescription;
  readonly x: string;
  readonly y: string;
  readonly colour: string | undefined;
  readonly filter: string;
}

/** Reads the points and draws them, saying of which rows they are. */
export function Plot({ dataset, x, y, colour, filter }: Props) {
  const limit = dataset.hasSelections ? readRowsMax : readWholeRowsMax;
  const loaded = useLoad(JSON.stringify([dataset.name, x, y, colour, filter]), async (signal) => {
    const sample = new PointSample({ x, y, colour }, pointsMax);
    const columns = [...new Set([x, y, ...(colour === undefined ? [] : [colour])])];
    for await (const batch of readSpread(dataset, { columns, filter, limit }, signal)) sample.add(batch);
    const { rowCount, drawnCount } = sample;
    return { series: sample.series(), rowCount, drawnCount };
  });
  useReloadOf(loaded.status === "failed" ? loaded.error : undefined, dataset);
  if (loaded.status === "loading") return <Loading what="rows to plot" />;
  if (loaded.status === "failed")
    return <Failure what="There is nothing to plot" error={loaded.error} retry={reload} />;
  const { series, rowCount, drawnCount } = loaded.value;
  const pointCount = series.reduce((sum, { x }) => sum + x.length, 0);
  const axisOf = (name: string): Axis => {
    const { type } = dataset.schema.fields.find((field) => field.name === name)!;
    if (isTime(type)) return { label: `${name} (UTC)`, unit: "time" };
    if (type.kind === "time") return { label: name, unit: "clock" };
    return { label: type.kind === "duration" ? `${name} (seconds)` : name, unit: "number" };
  };
  return (
    <>
      <p className="note" role="status">
        {sampleWords({ dataset, filter, rowCount, drawnCount, limit })}
        {pointCount < drawnCount &&
          ` ${formatCounted(drawnCount - pointCount, "row")} of these have a null, or no finite number, and so no point.`}
        {pointCount > 0 && " Drag over a part of the plot to look closer, double-click to see all."}
      </p>
      {pointCount > 0 ? (
        <Canvas series={series} x={axisOf(x)} y={axisOf(y)} />
      ) : (
        <Message title="There are no points to draw" />
      )}
    </>
  );
}

interface Sampled {
  readonly dataset: DatasetDescription;
  readonly filter: string;
  /** Rows that have been read, which are no more than `limit`. */
  readonly rowCount: number;
  readonly limit: number;
  /** Rows that have been drawn from these. */
  readonly drawnCount: number;
}

/** Says which rows are drawn: all, or some of all, or some of those that have been read. */
function sampleWords({ dataset, filter, rowCount, limit, drawnCount }: Sampled): string {
  const meet = filter === "" ? "" : " that meet the filter";
  const isAll = rowCount < limit || rowCount === dataset.rowCount;
  if (isAll && drawnCount === rowCount) return `All ${formatCounted(rowCount, "row")}${meet}.`;
  if (isAll) {
    const share = formatShare(drawnCount, rowCount);
    return `A sample: ${formatCount(drawnCount)} of ${formatCount(rowCount)} rows${meet} (${share}), drawn at random.`;
  }
  const from =
    dataset.hasSelections && filter === ""
      ? `${formatCount(rowCount)} of ${formatCounted(dataset.rowCount!, "row")}, which are spread over the dataset`
      : `the first ${formatCounted(rowCount, "row")}${meet}`;
  return `A sample: ${formatCounted(drawnCount, "row")}, drawn at random from ${from}.`;
}
