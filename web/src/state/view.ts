/** What of a dataset is looked at. */
export type Tab = "rows" | "columns" | "schema" | "plot";

/** How a plot draws its columns; undefined leaves the choice to the page. */
export type Chart = "points" | "line" | "histogram" | "bar" | "box" | "heat";

/** By what something is ordered. */
export interface Order {
  readonly by: string;
  readonly isDescending: boolean;
}

/** What the page shows: all of it is in the URL, so that Back, a bookmark and a link lead to it. */
export interface View {
  /** Undefined shows the list. */
  readonly dataset: string | undefined;
  readonly tab: Tab;
  /** Which datasets the list shows: those whose names have this in them. */
  readonly search: string;
  /** The folder that the list shows; empty for all. */
  readonly folder: string;
  /** The order of the list, or of the rows. */
  readonly order: Order | undefined;
  /** Columns that are shown, in their order; undefined for those that the dataset begins with. */
  readonly columns: readonly string[] | undefined;
  /** The server's `filter`, in its text form; empty for all rows. */
  readonly filter: string;
  /** The row that is looked at, from 0. */
  readonly row: number | undefined;
  /** Whether all of the row that is looked at is shown beside the table. */
  readonly isRowOpen: boolean;
  /** How many of the first columns stay in view. */
  readonly pinnedCount: number;
  /** How numbers and times are shown, as `parseFormat` reads it; undefined for all digits and UTC. */
  readonly format: string | undefined;
  /** Whether columns are summed up over all rows, and not only over the first of them. */
  readonly isWhole: boolean;
  /** Whether titles of the table have the distribution of their column. */
  readonly hasGlances: boolean;
  /** What the plot shows. */
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly colour: string | undefined;
  readonly chart: Chart | undefined;
  /** Whether bins show the mean of a column, and not how many rows they have. */
  readonly isMean: boolean;
  /** Whether lines have no band around their means. */
  readonly isBandHidden: boolean;
  /** The part of the axes that is looked at, as the plot writes it; undefined for all. */
  readonly zoom: string | undefined;
}

const charts: readonly Chart[] = ["points", "line", "histogram", "bar", "box", "heat"];
const tabs: readonly Tab[] = ["rows", "columns", "schema", "plot"];

/** Reads a view out of the query of a URL; what makes no sense there is left out. */
export function parseView(query: string): View {
  const fields = new URLSearchParams(query);
  const text = (name: string): string | undefined => fields.get(name) || undefined;
  const columns = fields.getAll("column");
  return {
    dataset: text("dataset"),
    tab: tabs.find((tab) => tab === fields.get("tab")) ?? "rows",
    search: text("search") ?? "",
    folder: text("folder") ?? "",
    order: parseOrder(text("order")),
    columns: columns.length === 0 ? undefined : columns,
    filter: text("filter") ?? "",
    row: parseRow(text("row")),
    isRowOpen: text("open") === "row",
    pinnedCount: Number(/^[1-9]$/.exec(text("pinned") ?? "")?.[0] ?? 0),
    format: text("format"),
    isWhole: text("of") === "all",
    hasGlances: text("titles") === "distributions",
    x: text("x"),
    y: text("y"),
    colour: text("colour"),
    chart: charts.find((chart) => chart === fields.get("chart")),
    isMean: text("show") === "mean",
    isBandHidden: text("band") === "none",
    zoom: text("zoom"),
  };
}

/** Writes a view as the query of a URL, which `parseView` reads as the same; what is as by default is left out. */
export function formatView(view: View): string {
  const fields = new URLSearchParams();
  const set = (name: string, value: string | undefined): void => void (value && fields.set(name, value));
  set("dataset", view.dataset);
  set("tab", view.tab === "rows" ? undefined : view.tab);
  set("folder", view.folder);
  set("search", view.search);
  set("order", view.order && `${view.order.isDescending ? "-" : "+"}${view.order.by}`);
  for (const column of view.columns ?? []) fields.append("column", column);
  set("filter", view.filter);
  set("row", view.row === undefined ? undefined : String(view.row + 1));
  set("open", view.isRowOpen ? "row" : undefined);
  set("pinned", view.pinnedCount > 0 ? String(view.pinnedCount) : undefined);
  set("format", view.format);
  set("of", view.isWhole ? "all" : undefined);
  set("titles", view.hasGlances ? "distributions" : undefined);
  set("x", view.x);
  set("y", view.y);
  set("colour", view.colour);
  set("chart", view.chart);
  set("show", view.isMean ? "mean" : undefined);
  set("band", view.isBandHidden ? "none" : undefined);
  set("zoom", view.zoom);
  const query = fields.toString();
  return query === "" ? "" : `?${query}`;
}

/** People count rows from 1. */
function parseRow(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,14}$/.test(text) ? Number(text) - 1 : undefined;
}

function parseOrder(text: string | undefined): Order | undefined {
  // A plus that nobody has encoded is read as a space.
  const match = /^([-+ ])(.*)$/s.exec(text ?? "");
  return match === null ? undefined : { by: match[2]!, isDescending: match[1] === "-" };
}
