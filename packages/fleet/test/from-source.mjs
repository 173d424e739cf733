import { registerHooks } from 'node:module';

// Lets a child process run TypeScript from source, where `./file.js` means `./file.ts`.
registerHooks({
  resolve(specifier, context, next) {
    const source = context.parentURL?.endsWith('.ts') && /^\.\.?\//.test(specifier);
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
