/**
 * Takes from HighTable 0.26's elements what their roles may not have: the direction of a spin button, and the state of
 * a corner that cannot be checked. Screen readers and axe stumble over it. The grid gets the name of its dataset.
 */
export function mendRoles(root: HTMLElement, dataset: string): void {
  for (const resizer of root.querySelectorAll("[role=spinbutton][aria-orientation]")) {
    resizer.removeAttribute("aria-orientation");
  }
  const caption = root.querySelector("caption");
  if (caption && caption.textContent !== dataset) caption.textContent = dataset;
  root.querySelector("[role=grid]")?.setAttribute("aria-label", dataset);
  for (const corner of root.querySelectorAll("thead td[aria-checked]")) corner.removeAttribute("aria-checked");
}
