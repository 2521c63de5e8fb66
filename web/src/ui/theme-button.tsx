import { useEffect, useState } from "react";
import { readStored, writeStored } from "./stored.ts";

/** What the page looks like: as the system does, or one of both. */
type Theme = "system" | "light" | "dark";

const themes: readonly Theme[] = ["system", "light", "dark"];
const storageKey = "hangar-theme";

/** Goes from one theme to the next; the choice stays with this browser. */
export function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(() => {
    const stored = readStored(storageKey);
    return themes.find((theme) => theme === stored) ?? "system";
  });
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    writeStored(storageKey, theme);
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]!;
  return (
    <button type="button" className="quiet" title={`Colours: ${theme}`} onClick={() => setTheme(next)}>
      <span aria-hidden="true">{{ system: "◐", light: "☀", dark: "☾" }[theme]}</span>
      <span className="unseen">
        Colours: {theme}. Change to {next}.
      </span>
    </button>
  );
}
