import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

// Lets plain Node run the TypeScript of this repository from source, where `./file.js` means `./file.ts` or `./file.tsx`.
registerHooks({
  resolve(specifier, context, next) {
    const source = /\.tsx?$/.test(context.parentURL ?? '') && /^\.\.?\/.*\.js$/.test(specifier);
    if (!source) return next(specifier, context);
    const [script, component] = ['.ts', '.tsx'].map((ending) => specifier.replace(/\.js$/, ending));
    return next(existsSync(fileURLToPath(new URL(script, context.parentURL))) ? script : component, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.tsx')) return next(url, context);
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), {
      loader: 'tsx',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
