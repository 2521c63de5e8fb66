import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Suites start servers and Python beside themselves; more at once would only make them wait for each other.
    maxWorkers: 2,
    // Far above what any test takes: a limit is there to end what hangs, on machines that are busy as well.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    restoreMocks: true,
  },
});
