import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, runnerImport } from 'vite';

// As everywhere: from source. Of core the page takes the list of reasons, and what shows a difference; nothing else of it gets in.
const conditions = ['@contact-sync/source', 'module', 'browser', 'development|production'];

/** The style that the report of a run and the page share, as a file of style, since the page's policy lets no other in. */
function sharedStyle(): Plugin {
  const name = 'virtual:shared-style.css';
  return {
    name: 'shared-style',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load: async (id) => {
      if (id !== `\0${name}`) return null;
      const path = fileURLToPath(new URL('../runner/src/components/style.ts', import.meta.url));
      const { module } = await runnerImport<{ sharedStyle: string }>(path);
      return module.sharedStyle;
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('./page', import.meta.url)),
  base: '/',
  resolve: { conditions },
  plugins: [sharedStyle()],
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2024',
    // Nothing is put into a file as `data:`: the page's policy would not let it in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
