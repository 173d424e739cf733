import { Page } from '../../components/page.js';

export function Contacts() {
  return <Page title="Contacts">…</Page>;
}
