/** A dataset in a list. */
export interface ListedDataset {
  readonly name: string;
  /** Undefined if the server does not know it, as the other properties. */
  readonly rows: number | undefined;
  readonly bytes: number | undefined;
  readonly columns?: number | undefined;
  /** When it was last put, in ISO 8601. */
  readonly changed?: string | undefined;
}

/** A line of a tree: a folder, whose counts are of all datasets in it, or a dataset. */
export interface TreeLine extends ListedDataset {
  /** The name behind the branches that lead to it. The name of a folder ends with `/`. */
  readonly drawn: string;
  /** The number of datasets in a folder; undefined for a dataset. */
  readonly datasets: number | undefined;
}

interface Folder {
  readonly entries: Map<string, Folder | ListedDataset>;
}

/**
 * Returns the lines of a tree of folders, each with the sums of its datasets. Entries keep the order of the list.
 *
 * @param depthMax - the number of levels to show; folders below are only counted
 */
export function drawTree(datasets: readonly ListedDataset[], depthMax = Infinity): TreeLine[] {
  const lines: TreeLine[] = [];
  draw(growTree(datasets), { path: "", indent: "", depthLeft: depthMax }, lines);
  return lines;
}

function growTree(datasets: readonly ListedDataset[]): Folder {
  const root: Folder = { entries: new Map() };
  for (const dataset of datasets) {
    const segments = dataset.name.split("/");
    const last = segments.pop() ?? "";
    let folder = root;
    for (const segment of segments) {
      // A folder and a dataset can have the same name.
      const key = `${segment}/`;
      const existing = folder.entries.get(key) as Folder | undefined;
      const next = existing ?? { entries: new Map() };
      folder.entries.set(key, next);
      folder = next;
    }
    folder.entries.set(last, dataset);
  }
  return root;
}

interface Position {
  readonly path: string;
  readonly indent: string;
  readonly depthLeft: number;
}

function draw({ entries }: Folder, { path, indent, depthLeft }: Position, lines: TreeLine[]): void {
  if (depthLeft <= 0) return;
  const isTop = path === "";
  const names = [...entries.keys()];
  for (const [segment, entry] of entries) {
    const isLast = segment === names.at(-1);
    const drawn = isTop ? segment : `${indent}${isLast ? "└── " : "├── "}${segment}`;
    if (!("entries" in entry)) {
      lines.push({ ...entry, drawn, datasets: undefined });
      continue;
    }
    const own = path + segment;
    lines.push({ ...sumUp(own, leavesOf(entry)), drawn });
    draw(
      entry,
      { path: own, indent: isTop ? "" : indent + (isLast ? "    " : "│   "), depthLeft: depthLeft - 1 },
      lines,
    );
  }
}

function leavesOf({ entries }: Folder): ListedDataset[] {
  return [...entries.values()].flatMap((entry) => ("entries" in entry ? leavesOf(entry) : [entry]));
}

function sumUp(name: string, datasets: readonly ListedDataset[]): Omit<TreeLine, "drawn"> {
  const changes = datasets.flatMap(({ changed }) => changed ?? []);
  return {
    name,
    datasets: datasets.length,
    rows: sum(datasets.map(({ rows }) => rows)),
    bytes: sum(datasets.map(({ bytes }) => bytes)),
    changed: changes.toSorted().at(-1),
  };
}

/** Returns undefined if a value is not known. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}
