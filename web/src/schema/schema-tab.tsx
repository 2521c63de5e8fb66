import type { Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { FileView } from "./file-view.tsx";
import "./schema-tab.css";

/** The fields of a dataset with their metadata, and how it lies in its file. */
export function SchemaTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const { schema } = dataset;
  return (
    <section className="schema-tab" aria-label={`Schema and file of ${dataset.name}`} tabIndex={0}>
      <h2>Fields</h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Nulls</th>
          </tr>
        </thead>
        <tbody>
          {schema.fields.map((field) => (
            <FieldRows key={field.name} field={field} depth={0} />
          ))}
        </tbody>
      </table>
      {schema.metadata.size > 0 && (
        <>
          <h2>Metadata</h2>
          <Metadata entries={schema.metadata} />
        </>
      )}
      <FileView dataset={dataset} />
    </section>
  );
}

/** A field, and below it those that it is made of. */
function FieldRows({ field, depth }: { readonly field: Field; readonly depth: number }) {
  return (
    <>
      <tr>
        <td style={{ paddingLeft: 12 + 18 * depth }}>{field.name}</td>
        <td>
          <span className="type">{showType(field)}</span>
          {field.metadata.size > 0 && <Metadata entries={field.metadata} />}
        </td>
        <td>{field.nullable ? "allowed" : "none"}</td>
      </tr>
      {field.children.map((child, i) => (
        <FieldRows key={i} field={child} depth={depth + 1} />
      ))}
    </>
  );
}

function Metadata({ entries }: { readonly entries: ReadonlyMap<string, string> }) {
  return (
    <dl className="metadata">
      {[...entries].map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
