import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The pages in a real Chromium. The specs live with the other tests of the repository, the
// packages here.
export default defineConfig({
  resolve: {
    alias: {
      'playwright-core': here('node_modules/playwright-core/index.mjs'),
      vitest: here('node_modules/vitest/dist/index.js'),
    },
  },
  server: { fs: { strict: false } },
  test: {
    dir: here('../tests/web'),
    include: ['**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2, // files wait for one-time codes and the like; each has a server and a browser of its own
    minWorkers: 1,
  },
});
