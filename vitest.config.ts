import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { commands } from "./test/browser/commands.ts";
import { chromiumOptions } from "./test/support/chromium.ts";

/** Tests that run in a page, and those that run in Node. */
const pageTests = ["test/browser/**/*.test.ts"];

export default defineConfig({
  // Found while tests run, they would reload the page.
  optimizeDeps: {
    include: [
      "apache-arrow",
      "apache-arrow-copy",
      "flatbuffers",
      "@bufbuild/protobuf",
      "@connectrpc/connect",
      "grpc-web",
    ],
  },
  test: {
    pool: "forks",
    // Suites start servers and Python beside themselves; more at once would only make them wait for each other.
    maxWorkers: 2,
    // Far above what any test takes: a limit is there to end what hangs, on machines that are busy as well.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    teardownTimeout: 30_000,
    // As patient as `waitUntil` of test/support/wait.ts; the default of a second is too short for a busy machine.
    expect: { poll: { timeout: 60_000, interval: 20 } },
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: { name: "node", include: ["test/**/*.test.ts"], exclude: pageTests },
      },
      {
        extends: true,
        test: {
          name: "chromium",
          include: pageTests,
          // A browser has six connections to an origin over all of its pages.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            connectTimeout: chromiumOptions.timeout,
            provider: playwright({ launchOptions: chromiumOptions }),
            instances: [{ browser: "chromium" }],
            commands,
          },
        },
      },
    ],
  },
});
