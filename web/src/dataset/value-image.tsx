import { useEffect, useState } from "react";
import { byteLengthOf, imageTypeOf } from "../table/show-cells.ts";

/** The largest image that is shown, in bytes: browsers decode it as a whole. */
const imageBytesMax = 4 * 2 ** 20;

/** Whether a binary, in base64, is an image that is shown; pure. */
export function isShownImage(base64: string): boolean {
  return imageTypeOf(base64) !== undefined && byteLengthOf(base64) <= imageBytesMax;
}

/** A binary that is a PNG or JPEG image. */
export function ValueImage({ base64, alt }: { readonly base64: string; readonly alt: string }) {
  const [url, setUrl] = useState<string>();
  const [isBroken, setBroken] = useState(false);
  useEffect(() => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const created = URL.createObjectURL(new Blob([bytes], { type: `image/${imageTypeOf(base64)}` }));
    setUrl(created);
    setBroken(false);
    return () => URL.revokeObjectURL(created);
  }, [base64]);
  if (isBroken) return <p className="hint">The image cannot be shown: it is damaged.</p>;
  return url === undefined ? null : <img className="value-image" src={url} alt={alt} onError={() => setBroken(true)} />;
}
