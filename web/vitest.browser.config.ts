import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The pages in a real Chromium: ../tests/web.
export default defineConfig({
  root: here('..'),
  resolve: { alias: { 'playwright-core': here('node_modules/playwright-core/index.mjs') } },
  test: {
    include: ['tests/web/**/*.spec.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
