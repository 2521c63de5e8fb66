import { ViewLink } from "../ui/link.tsx";
import { pathsTo } from "./folders.ts";
import { folderView } from "./view-of.ts";
import "./breadcrumbs.css";

/** The way to a folder, each step a link. The last one is the title of the page. */
export function Breadcrumbs({ folder }: { readonly folder: string }) {
  if (folder === "") return <h1 tabIndex={-1}>Datasets</h1>;
  const paths = pathsTo(folder);
  return (
    <nav aria-label="Folders" className="breadcrumbs">
      <ol>
        <li>
          <ViewLink to={folderView("")}>Datasets</ViewLink>
        </li>
        {paths.map((path, i) => {
          const label = path.slice(path.lastIndexOf("/") + 1);
          return (
            <li key={path}>
              {i < paths.length - 1 ? (
                <ViewLink to={folderView(path)}>{label}</ViewLink>
              ) : (
                <h1 tabIndex={-1}>{label}</h1>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
