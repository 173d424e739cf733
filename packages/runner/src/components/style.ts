/**
 * What the report of a run and the web page look alike by: colours, light and dark, each with a contrast of 4.5 or more on
 * both papers, and the style of the components that they share.
 */
export const sharedStyle = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --card: #f6f8fa; --line: #d0d7de;
  --old: #ffebe9; --old-mark: #ffc1bc; --new: #e6ffec; --new-mark: #a6f0b8;
  --none: #6e7781; --change: #0550ae; --make: #116329; --match: #6639ba; --open: #953800; --skip: #8c959f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --paper: #0d1117; --card: #161b22;
  --line: #3d444d; --old: #3c1618; --old-mark: #7d1f24; --new: #12311c; --new-mark: #1d6b35;
  --none: #9da7b3; --change: #79c0ff; --make: #7ee787; --match: #d2a8ff; --open: #ffa657; --skip: #848d97; } }
* { box-sizing: border-box; }
body { color: var(--ink); background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; }
:focus-visible { outline: 3px solid var(--change); outline-offset: 1px; }
[hidden] { display: none; }
.soft { color: var(--soft); }
.code { font-family: ui-monospace, monospace; font-size: .85em; }
.notice { border-left: .3rem solid var(--open); background: var(--card); padding: .75rem 1rem; margin: 1rem 0; }
.picture { display: block; width: 100%; height: 1.5rem; margin: 1rem 0 .5rem; }
.counts { list-style: none; margin: 0; padding: 0; display: grid; gap: .25rem 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); }
.counts li { display: grid; grid-template-columns: .8rem 4.5rem 1fr; gap: .5rem; align-items: baseline; }
.counts b { text-align: right; font-variant-numeric: tabular-nums; }
.dot { width: .8rem; height: .8rem; border-radius: 2px; }
.none { background: var(--none); fill: var(--none); } .change { background: var(--change); fill: var(--change); }
.make { background: var(--make); fill: var(--make); } .match { background: var(--match); fill: var(--match); }
.open { background: var(--open); fill: var(--open); } .skip { background: var(--skip); fill: var(--skip); }
.list { list-style: none; margin: 0; padding: 0; }
.list > li { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .6rem .8rem; }
.who { font-weight: 600; }
.why { margin: .1rem 0 0; }
.difference { margin: .5rem 0 0; display: grid; grid-template-columns: 7rem 1fr 1fr; gap: 2px .5rem; }
.difference dt { color: var(--soft); }
.difference dd { margin: 0; padding: .05rem .4rem; border-radius: .2rem; min-width: 0; }
.difference .same { grid-column: span 2; }
.old { background: var(--old); } .new { background: var(--new); }
.old mark { background: var(--old-mark); color: inherit; } .new mark { background: var(--new-mark); color: inherit; }
@media (max-width: 40rem) { .difference { grid-template-columns: 1fr; } .difference dt { margin-top: .4rem; }
  .difference .same { grid-column: auto; }
  .counts li { grid-template-columns: .8rem 3.5rem 1fr; } }
`;
