/**
 * Puts text on the clipboard, also text that is still to come: some browsers let a page do so only where it begins at once.
 * Pages that have come over plain HTTP from another machine have no clipboard API; there the browser's own copy command is
 * given the text.
 */
export async function copyText(text: string | Promise<string>): Promise<void> {
  if (navigator.clipboard === undefined) return copyByCommand(await text);
  const blob = Promise.resolve(text).then((whole) => new Blob([whole], { type: "text/plain" }));
  // What keeps the text from coming says more than that it has not been copied.
  await Promise.all([blob, navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })])]);
}

function copyByCommand(text: string): void {
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    event.stopPropagation();
  };
  // Before whatever else in the page gives something to be copied.
  addEventListener("copy", give, { capture: true, once: true });
  const isCopied = document.execCommand("copy");
  removeEventListener("copy", give, { capture: true });
  if (!isCopied) throw new Error("the browser does not let this page copy");
}
