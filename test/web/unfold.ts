import type { Page } from "playwright";

/** Shows the controls that a narrow window keeps behind a button; a wide one shows them anyway. */
export async function unfold(page: Page, title: "Actions" | "Tools"): Promise<void> {
  if (page.viewportSize()!.width >= 720) return;
  await page.getByRole("button", { name: title, exact: true }).click();
}
