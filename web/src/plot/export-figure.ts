/** Pixels of a picture for each of the page, so that it is sharp in print. */
const pictureScale = 2;

/** What of the look of an element is written into the picture, which has no style sheet. */
const inlined = ["fill", "stroke", "color", "stop-color", "font-family", "font-size"] as const;

/** Saves a chart as a picture, with the colours that the page has. */
export async function exportFigure(figure: SVGSVGElement, format: "svg" | "png", name: string): Promise<void> {
  const svg = new Blob([toSvgText(figure)], { type: "image/svg+xml" });
  save(format === "svg" ? svg : await toPng(svg, figure), `${name}.${format}`);
}

function toSvgText(figure: SVGSVGElement): string {
  const copy = figure.cloneNode(true) as SVGSVGElement;
  const originals = [figure, ...figure.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    const isText = element.localName === "svg" || element.localName === "text";
    for (const property of inlined) {
      const isFont = property.startsWith("font");
      const value = style.getPropertyValue(property);
      // What is inherited need not stand at every point.
      if (isFont ? isText : /var\(|currentColor/.test(element.getAttribute(property) ?? "")) {
        element.setAttribute(property, value);
      }
    }
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("fill", getComputedStyle(figure.closest(".plot-tab")!).backgroundColor);
  copy.prepend(background);
  copy.setAttribute("color", getComputedStyle(figure).color);
  return new XMLSerializer().serializeToString(copy);
}

async function toPng(svg: Blob, { clientWidth, clientHeight }: SVGSVGElement): Promise<Blob> {
  const url = URL.createObjectURL(svg);
  try {
    const image = new Image(clientWidth * pictureScale, clientHeight * pictureScale);
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    canvas.getContext("2d")!.drawImage(image, 0, 0, image.width, image.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
