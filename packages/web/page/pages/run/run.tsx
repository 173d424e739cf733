import { Page } from '../../components/page.js';

export function Run() {
  return <Page title="Run">…</Page>;
}
