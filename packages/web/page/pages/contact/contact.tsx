import { Page } from '../../components/page.js';

export function Contact() {
  return <Page title="Contact">…</Page>;
}
