// The application menu: what copy and paste need on macOS, zoom, windows, lock. Nothing reloads,
// and developer tools only where the program was not packaged.
import type { MenuItemConstructorOptions } from 'electron';
import type { Texts } from '../texts.ts';

/** Id of the item that opens another window of the same profile. */
export const NEW_WINDOW_ID = 'new-window';

export function menuTemplate(options: {
  readonly platform: NodeJS.Platform;
  readonly isPackaged: boolean;
  readonly newWindow: () => void;
  readonly lock: () => void;
  readonly texts: Texts;
}): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  const { texts } = options;
  const file: MenuItemConstructorOptions[] = [
    {
      id: NEW_WINDOW_ID,
      label: texts['menu.newWindow'],
      accelerator: 'CmdOrCtrl+Shift+N',
      click: () => options.newWindow(),
    },
    {
      label: texts['menu.lock'],
      accelerator: 'CmdOrCtrl+L',
      // The window hears the key itself: it knows where to lead who has no passphrase.
      registerAccelerator: false,
      click: () => options.lock(),
    },
    { role: 'close' },
  ];
  if (!isMac) file.push({ type: 'separator' }, { role: 'quit' });
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ];
  if (!options.isPackaged) view.push({ role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    { label: texts['menu.file'], submenu: file },
    {
      label: texts['menu.edit'],
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'pasteAndMatchStyle' },
        { role: 'delete' },
        { role: 'selectAll' },
      ],
    },
    { label: texts['menu.view'], submenu: view },
  ];
  return isMac ? [{ role: 'appMenu' }, ...template, { role: 'windowMenu' }] : template;
}
