import { useState } from "react";
import { announce } from "../state/announce.ts";
import { copyText } from "./copy.ts";
import "./snippet.css";

/** How long the button says that it has been done, in milliseconds. */
const copiedMs = 1500;

/** Lines to copy, with a title that says for what. */
export function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await copyText(text);
    } catch {
      // A browser that does not let the page copy lets people do it by hand.
      return;
    }
    announce(`Copied the lines for ${title}`);
    setCopied(true);
    setTimeout(() => setCopied(false), copiedMs);
  };
  const word = isCopied ? "Copied" : "Copy";
  return (
    <figure className="snippet">
      <figcaption>
        {title}
        <button
          type="button"
          className="quiet"
          aria-label={`${word} the lines for ${title}`}
          onClick={() => void copy()}
        >
          {word}
        </button>
      </figcaption>
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
