/** What we use of cliui, which has no declarations of its own. */
declare module 'cliui' {
  type Column = { text: string; width: number; padding: number[] };
  type Ui = { div(...columns: Column[]): void; toString(): string };
  const cliui: (options: { width: number; wrap: boolean }) => Ui;

  export { cliui as default };
}
