/**
 * Puts text on the clipboard. Pages that have come over plain HTTP from another machine have no clipboard API; there
 * the browser's own copy command is given the text.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return await navigator.clipboard.writeText(text);
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("copy", give, { capture: true, once: true });
  const isCopied = document.execCommand("copy");
  document.removeEventListener("copy", give, { capture: true });
  if (!isCopied) throw new Error("the browser does not let this page copy");
}
