import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the app beside the programs that serve it; it imports the package by its name, as it has been compiled. */
export default defineConfig({
  // The app may be served below a path, by a reverse proxy.
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../dist/web",
    emptyOutDir: true,
    target: "es2024",
    // Everything is a file of its own: a page may load nothing that stands in an address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    // How long a plugin took depends on the machine, and says nothing to who starts the server.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: "es" },
});
