import { parseSync, Visitor } from 'oxc-parser';

/**
 * Every module that a TypeScript file names: imports, re-exports, `import()` and `import('…').Type`, those of types
 * included. What `import()` works out only at run time is not in the list. Throws on a file that cannot be parsed.
 */
export function importsOf(file: string, code: string): string[] {
  const { program, errors } = parseSync(file, code);
  const error = errors[0];
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  const found: string[] = [];
  const add = (node: { type: string; value?: unknown } | null) => {
    if (node?.type === 'Literal' && typeof node.value === 'string') found.push(node.value);
    // import(`…`) without anything to fill in is as good as a string.
    if (node?.type === 'TemplateLiteral') found.push(...fixedText(node));
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program);
  return found;
}

function fixedText(node: object): string[] {
  const { expressions, quasis } = node as { expressions: unknown[]; quasis: { value: { cooked: string | null } }[] };
  return expressions.length === 0 ? quasis.flatMap(({ value }) => value.cooked ?? []) : [];
}

/** `@a/b/c` is of the package `@a/b`, `c/d` of `c`; null where the name is a file's, or Node's own. */
export function packageOf(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('node:')) return null;
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
