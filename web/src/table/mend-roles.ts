/**
 * Takes from HighTable 0.26's elements what their roles may not have: the direction of a spin button, and the state of
 * a corner that cannot be checked. Screen readers and axe stumble over it.
 */
export function mendRoles(root: HTMLElement): void {
  for (const resizer of root.querySelectorAll("[role=spinbutton][aria-orientation]")) {
    resizer.removeAttribute("aria-orientation");
  }
  for (const corner of root.querySelectorAll("thead td[aria-checked]")) corner.removeAttribute("aria-checked");
}
