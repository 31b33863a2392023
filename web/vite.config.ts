import { defineConfig } from 'vitest/config';

// The sandbox page, the pages of an account, and the styles that src/roles/api gives to the pages it writes itself, under
// fixed names.
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rollupOptions: {
      input: { main: 'index.html', account: 'account.html', guest: 'src/guest/guest.css', trust: 'src/trust/trust.css' },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: (asset) =>
          ['guest.css', 'trust.css'].find((name) => asset.names.includes(name)) ?? 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080', '/r': 'http://localhost:8080', '/login': 'http://localhost:8080' } },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
