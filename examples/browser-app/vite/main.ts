import { DataType, type Field, type Table } from "apache-arrow";
import { connect } from "hangar";
import UPlot from "uplot";

// Start the server by: npm start -- --cors-origin http://localhost:5173
const client = connect("http://localhost:8815");

const [datasets, across, up] = document.querySelectorAll("select") as unknown as HTMLSelectElement[] as [
  HTMLSelectElement,
  HTMLSelectElement,
  HTMLSelectElement,
];
const words = document.querySelector("output")!;
const box = document.querySelector<HTMLElement>("#plot")!;
let plot: UPlot | undefined;

/** Offers the datasets, and opens the first. */
async function start(): Promise<void> {
  const names: string[] = [];
  for await (const { name } of client.list()) names.push(name);
  fill(datasets, names);
  datasets.addEventListener("change", () => void open());
  for (const select of [across, up]) select.addEventListener("change", () => void draw());
  if (names.length > 0) await open();
}

async function open(): Promise<void> {
  const { fields } = await client.schema(datasets.value);
  const names = fields.filter(isNumber).map(({ name }) => name);
  for (const select of [across, up]) fill(select, names);
  up.selectedIndex = Math.min(1, names.length - 1);
  await draw();
}

/** Reads two columns and no more of the dataset, as they come, and draws them when all are here. */
async function draw(): Promise<void> {
  plot?.destroy();
  words.textContent = across.value === "" ? "no column of numbers" : "";
  if (across.value === "") return;
  const columns = [...new Set([across.value, up.value])];
  const table = await client.get(datasets.value, { columns, limit: 20_000 }).table();
  const [x, y] = [numbersOf(table, across.value), numbersOf(table, up.value)];
  // uPlot takes x in its order.
  const order = Uint32Array.from(x, (_, row) => row).sort((a, b) => x[a] - x[b]);
  const data = [x, y].map((values) => Array.from(order, (row) => values[row])) as [number[], number[]];
  const points = { label: up.value, paths: () => null, points: { show: true, size: 4, fill: "#1a5cbf" } };
  const series = [{ label: across.value }, points];
  plot = new UPlot({ width: 1200, height: 600, scales: { x: { time: false } }, series }, data, box);
  words.textContent = `${table.numRows} rows`;
}

function fill(select: HTMLSelectElement, names: readonly string[]): void {
  select.replaceChildren(...names.map((name) => new Option(name)));
}

function isNumber({ type }: Field): boolean {
  return DataType.isInt(type) || DataType.isFloat(type);
}

function numbersOf(table: Table, name: string): Float64Array {
  return Float64Array.from(table.getChild(name)!, Number);
}

await start();
