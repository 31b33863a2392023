import { defineConfig } from 'vitest/config';

// Three entries: the sandbox page, the pages of an account, and the style that src/roles/api gives to the pages it
// writes itself, under a fixed name.
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rollupOptions: {
      input: { main: 'index.html', account: 'account.html', guest: 'src/guest/guest.css' },
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: (asset) =>
          asset.names.includes('guest.css') ? 'guest.css' : 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080', '/r': 'http://localhost:8080', '/login': 'http://localhost:8080' } },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
