import { createHash } from 'node:crypto';

/** What somebody reads who is not in, or on the way in: no script, and nothing of the book. */
export type PlainPage = {
  readonly title: string;
  readonly lines: readonly string[];
  /** To be typed, below the lines. */
  readonly command?: string;
  /** Where to go on by itself, at once. */
  readonly next?: string;
};

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --card: #f6f8fa; --line: #d0d7de; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --paper: #0d1117; --card: #161b22; --line: #3d444d; } }
body { margin: 0 auto; max-width: 34rem; padding: 12vh 1.25rem 2rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
p { margin: .5rem 0; color: var(--soft); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem 1rem; white-space: pre-wrap; }
a { color: inherit; }
`;

/** The one style that these pages allow: they are served without any file beside them. */
export const plainStyleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** Only fixed words and our own paths go in; both are escaped all the same. */
export function plainPage({ title, lines, command, next }: PlainPage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – contact-sync</title>
${next === undefined ? '' : `<meta http-equiv="refresh" content="0; url=${escaped(next)}">\n`}<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
${command === undefined ? '' : `<pre><code>${escaped(command)}</code></pre>\n`}${next === undefined ? '' : `<p><a href="${escaped(next)}">Go on</a></p>\n`}</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
