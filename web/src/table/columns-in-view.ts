/** Columns that are read until titles have been drawn that can be looked at. */
export const firstColumnCount = 12;

/** The columns whose titles lie, at least in part, where they can be seen. */
export function columnsInView(root: HTMLElement, names: readonly string[]): readonly string[] {
  const titles = [...root.querySelectorAll("th[role=columnheader]")];
  // There may be one more, of the columns that are not shown.
  if (titles.length < names.length || titles.length > names.length + 1) return names.slice(0, firstColumnCount);
  const box = root.getBoundingClientRect();
  return names.filter((_, i) => {
    const { left, right } = titles[i]!.getBoundingClientRect();
    return right > box.left && left < box.right;
  });
}
