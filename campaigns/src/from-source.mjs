import { registerHooks } from 'node:module';

// Lets plain Node run the TypeScript of this repository from source, where `./file.js` means `./file.ts`.
registerHooks({
  resolve(specifier, context, next) {
    const source = context.parentURL?.endsWith('.ts') && /^\.\.?\//.test(specifier);
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
