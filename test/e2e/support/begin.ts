// A profile that its user has made: the welcome is gone through where a window shows it.
import type { Page } from 'playwright-core';

/** What the page without a conversation says of the engine; whoever sees it sees a fed window. */
export const aboutLine = (page: Page) => page.getByText('SQLite3 Multiple Ciphers');

const nameField = (page: Page) =>
  page.getByRole('textbox', { name: 'What should people call you?' });

/** Waits until the window is fed; gives a new profile its name on the way. */
export async function begin(page: Page, name = 'Ann'): Promise<void> {
  await aboutLine(page).or(nameField(page)).waitFor();
  if ((await nameField(page).count()) === 0) return;
  await nameField(page).fill(name);
  await page.getByRole('button', { name: 'Continue' }).click();
  await aboutLine(page).waitFor();
}
