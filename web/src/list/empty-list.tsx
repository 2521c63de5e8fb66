import { fileUrl } from "../api/file-url.ts";
import { serverUrl } from "../api/server.ts";
import { Snippet } from "../ui/snippet.tsx";
import "./empty-list.css";

/** What to do where there is no dataset yet. A server without files over HTTP takes Arrow data alone. */
export function EmptyList({ hasFiles }: { readonly hasFiles: boolean }) {
  const { host, hostname, port, protocol } = serverUrl;
  const scheme = protocol === "https:" ? "grpc+tls" : "grpc";
  const authority = port === "" ? `${hostname}:${protocol === "https:" ? 443 : 80}` : host;
  const pyarrow = `import pyarrow as pa
import pyarrow.flight

client = pa.flight.connect("${scheme}://${authority}")
table = pa.table({"Character": ["Mario", "Luigi", "Peach"]})
writer, _ = client.do_put(pa.flight.FlightDescriptor.for_path("uploaded.parquet"), table.schema)
writer.write_table(table)
writer.close()`;
  return (
    <main className="empty-list">
      <h1 tabIndex={-1}>No datasets yet</h1>
      <p>
        Drop {hasFiles ? "Parquet or Arrow" : "Arrow"} files on this page, choose them by “Upload”, or put a table from
        a program:
      </p>
      <Snippet title="Python, pyarrow" text={pyarrow} />
      {hasFiles && <Snippet title="curl" text={`curl -T data.parquet ${fileUrl("data.parquet")}`} />}
      <Snippet
        title="the command line"
        text={`hangar put data.${hasFiles ? "parquet" : "arrow"} --url ${serverUrl.href.replace(/\/$/, "")}`}
      />
    </main>
  );
}
