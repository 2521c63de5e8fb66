/** Has `mendRoles` run whenever HighTable has drawn something. Returns what ends it. */
export function followRoles(root: HTMLElement, dataset: string): () => void {
  mendRoles(root, dataset);
  const observer = new MutationObserver(() => mendRoles(root, dataset));
  const attributeFilter = ["aria-description", "aria-busy", "aria-disabled", "aria-valuetext"];
  observer.observe(root, { childList: true, subtree: true, attributeFilter });
  return () => observer.disconnect();
}

/**
 * Corrects what HighTable 0.26 says to screen readers: the grid has the name of its dataset and several selected cells,
 * titles have their types, what changes the width of a column says of which, and the numbers of rows can be selected.
 */
function mendRoles(root: HTMLElement, dataset: string): void {
  for (const title of root.querySelectorAll("thead th[role=columnheader]")) {
    const type = title.querySelector(".type")?.textContent ?? "";
    const said = title.ariaDescription ?? "";
    if (type !== "" && !said.startsWith(type)) title.ariaDescription = `${type}. ${said}`;
    const resizer = title.querySelector("[role=spinbutton]");
    for (const name of ["aria-orientation", "aria-busy"]) resizer?.removeAttribute(name);
    if (resizer) resizer.ariaLabel = `Width of ${title.ariaLabel}`;
  }
  for (const header of root.querySelectorAll("[role=rowheader][aria-disabled]"))
    header.removeAttribute("aria-disabled");
  const caption = root.querySelector("caption");
  if (caption && caption.textContent !== dataset) caption.textContent = dataset;
  const grid = root.querySelector("[role=grid]");
  grid?.setAttribute("aria-label", dataset);
  grid?.setAttribute("aria-multiselectable", "true");
  const corner = root.querySelector("thead td");
  for (const name of ["aria-checked", "aria-disabled"]) corner?.removeAttribute(name);
  corner?.setAttribute("aria-label", "Row numbers");
}
