import { useCallback } from "react";
import { createObserved, useObserved } from "../state/observed.ts";
import type { Folder } from "./folders.ts";

/** Lists of so many datasets begin with all folders open: they can be read as a whole. */
const openDatasetsMax = 50;

/** Folders that somebody has opened or closed, by path. It lasts as long as the page. */
const chosen = createObserved<ReadonlyMap<string, boolean>>(new Map());

/** Tells which folders are open, of a list of so many datasets. */
export function useOpenFolders(datasetCount: number): (folder: Folder) => boolean {
  const choices = useObserved(chosen);
  const isShort = datasetCount <= openDatasetsMax;
  return useCallback(({ name }) => choices.get(name) ?? isShort, [choices, isShort]);
}

/** Opens or closes a folder. */
export function setOpen({ name }: Folder, isOpen: boolean): void {
  chosen.set(new Map([...chosen.get(), [name, isOpen]]));
}
