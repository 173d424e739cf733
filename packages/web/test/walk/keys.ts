import type { Page } from 'playwright-core';

/** What has the focus, as it is called; and it can be seen that it has it. */
export async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>(`(() => {
    const one = document.activeElement;
    const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const seen = one.matches('body, h1') || (outlineStyle !== 'none' && outlineWidth !== '0px');
    return name.trim() + (seen ? '' : ' (nothing shows where the focus is)');
  })()`);
}

/** Goes on, one by one, until something that is called so has the focus. */
export async function to(page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`Nothing that is called ${name} is reached: ${passed.join(', ')}`);
}
