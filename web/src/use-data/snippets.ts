/** What a program is to get, and from where. */
export interface UsedData {
  /** The server, with a slash at its end. */
  readonly server: URL;
  readonly name: string;
  /** Undefined for all columns. */
  readonly columns: readonly string[] | undefined;
  /** Empty for all rows. */
  readonly filter: string;
  /** The URL of the dataset as a file; undefined where the server has no files. */
  readonly fileUrl: string | undefined;
  /** Whether DuckDB refuses some of the columns from Arrow, and reads them from Parquet. */
  readonly isRefusedByDuckDb: boolean;
  /** Whether the server asks for credentials. The lines say where a token goes; they never contain one. */
  readonly needsToken: boolean;
}

/** Lines that get data, in one language or with one library. */
export interface DataSnippet {
  readonly title: string;
  readonly text: string;
}

/** The environment variable that all lines take the token from. It is the one that `hangar` reads. */
const tokenVariable = "HANGAR_TOKEN";

/** Lines that get the data, for each language and library; pure. */
export function snippetsOf(data: UsedData): readonly DataSnippet[] {
  const python = (imports: string, last: string): string =>
    [imports, ...pythonLines(data), last]
      .filter((line, i) => line !== "" || i > 0)
      .join("\n")
      .trimEnd();
  return [
    { title: "pyarrow", text: python("", "") },
    { title: "pandas", text: python("", "frame = table.to_pandas()") },
    { title: "polars", text: python("import polars as pl", "frame = pl.from_arrow(table)") },
    { title: "DuckDB", text: data.isRefusedByDuckDb ? python(...duckDbByFile(data)) : python(...duckDbByArrow) },
    { title: "JavaScript", text: javascriptLines(data).join("\n") },
    ...(data.fileUrl === undefined ? [] : [{ title: "curl", text: curlLines(data, data.fileUrl).join(" \\\n  ") }]),
    { title: "Command line", text: commandLines(data).join("\n") },
  ];
}

/** How DuckDB reads the table: `table` is a word of SQL. */
const duckDbByArrow = ["import duckdb", "result = duckdb.sql('SELECT * FROM \"table\"')"] as const;

/** How DuckDB reads a table that it refuses from Arrow. */
function duckDbByFile({ name }: UsedData): [string, string] {
  const file = quote(fileNameOf(name));
  const lines = [
    "# DuckDB reads 16-bit floats and 256-bit decimals from Parquet only.",
    `pq.write_table(table, ${file})`,
    `result = duckdb.read_parquet(${file})`,
  ];
  return ["import duckdb\nimport pyarrow.parquet as pq", lines.join("\n")];
}

function pythonLines({ server, name, columns, filter, needsToken }: UsedData): readonly string[] {
  const isPart = columns !== undefined || filter !== "";
  const command = { dataset: name, ...(columns && { columns }), ...(filter !== "" && { filter }) };
  const options = needsToken ? ", options" : "";
  return [
    ...(isPart ? ["import json"] : []),
    ...(needsToken ? ["import os"] : []),
    "import pyarrow as pa",
    "import pyarrow.flight as flight",
    "",
    `client = flight.connect(${JSON.stringify(locationOf(server))})`,
    ...(needsToken
      ? [
          `# The token is in the environment variable ${tokenVariable}.`,
          `token = "Bearer " + os.environ["${tokenVariable}"]`,
          'options = flight.FlightCallOptions(headers=[(b"authorization", token.encode())])',
        ]
      : []),
    isPart
      ? `descriptor = flight.FlightDescriptor.for_command(json.dumps(${toPython(command)}))`
      : `descriptor = flight.FlightDescriptor.for_path(${name.split("/").map(quote).join(", ")})`,
    `info = client.get_flight_info(descriptor${options})`,
    `parts = [client.do_get(endpoint.ticket${options}).read_all() for endpoint in info.endpoints]`,
    "table = pa.concat_tables(parts)",
  ];
}

/** A dictionary of texts and lists, one key a line. Python reads the same texts as JSON. */
function toPython(command: Readonly<Record<string, string | readonly string[]>>): string {
  const fields = Object.entries(command).map(([key, value]) => {
    const text = typeof value === "string" ? quote(value) : `[${value.map(quote).join(", ")}]`;
    return `\n    "${key}": ${text},`;
  });
  return `{${fields.join("")}\n}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Flight's own address of the server. Native gRPC has no path. */
function locationOf({ protocol, hostname, port, host }: URL): string {
  const isSecure = protocol === "https:";
  return `${isSecure ? "grpc+tls" : "grpc"}://${port === "" ? `${hostname}:${isSecure ? 443 : 80}` : host}`;
}

function javascriptLines({ server, name, columns, filter, needsToken }: UsedData): readonly string[] {
  const selection = [
    ...(columns ? [`  columns: [${columns.map(quote).join(", ")}],`] : []),
    ...(filter === "" ? [] : [`  filter: ${quote(filter)},`]),
  ];
  const options = selection.length === 0 ? "" : `, {\n${selection.join("\n")}\n}`;
  const token = needsToken ? `, { token: process.env.${tokenVariable} }` : "";
  return [
    "// npm install hangar; in a browser, import from “hangar”.",
    'import { connect } from "hangar/node";',
    "",
    ...(needsToken ? [`// The token is in the environment variable ${tokenVariable}.`] : []),
    `const client = connect(${quote(server.href)}${token});`,
    `const table = await client.get(${quote(name)}${options}).table();`,
    "client.close();",
  ];
}

function curlLines({ name, columns, filter, needsToken }: UsedData, fileUrl: string): readonly string[] {
  const isPart = columns !== undefined || filter !== "";
  const part = (columns ?? []).map((column) => `--data-urlencode ${quoteForShell(`column=${column}`)}`);
  return [
    `curl --fail ${isPart ? "-G " : ""}${quoteForShell(fileUrl)}`,
    ...(needsToken ? [`-H "authorization: Bearer $${tokenVariable}"`] : []),
    ...(isPart ? ["-d format=parquet", ...part] : []),
    ...(filter === "" ? [] : [`--data-urlencode ${quoteForShell(`filter=${filter}`)}`]),
    `-o ${quoteForShell(fileNameOf(name))}`,
  ];
}

function commandLines({ server, name, columns, filter, needsToken }: UsedData): readonly string[] {
  const words = [
    "hangar get",
    quoteForShell(name),
    ...(columns ? [`--columns ${quoteForShell(columns.map(quoteForList).join(","))}`] : []),
    ...(filter === "" ? [] : [`--filter ${quoteForShell(filter)}`]),
    `-o ${quoteForShell(fileNameOf(name))}`,
    `--url ${quoteForShell(server.href)}`,
  ];
  return [...(needsToken ? [`# The token is in the environment variable ${tokenVariable}.`] : []), words.join(" ")];
}

function fileNameOf(name: string): string {
  return `${name.slice(name.lastIndexOf("/") + 1).replace(/\.parquet$/, "")}.parquet`;
}

/** A name in `--columns` of the command line: as it is, unless a comma, a quote or a space changes its meaning. */
function quoteForList(name: string): string {
  return /^[^",\s]([^,]*[^,\s])?$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A word of a shell: as it is where it is plain, else in single quotes. */
function quoteForShell(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
