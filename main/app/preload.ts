// All that a window gets: one call and one subscription, text in and values out. Bundled to a
// single CommonJS file, since a sandboxed preload can be nothing else.
import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('eddy', {
  call: (text: string): Promise<unknown> => ipcRenderer.invoke('eddy:call', text),
  listen: (listener: (frame: unknown) => void): (() => void) => {
    const forward = (_event: unknown, frame: unknown) => listener(frame);
    ipcRenderer.on('eddy:event', forward);
    return () => {
      ipcRenderer.removeListener('eddy:event', forward);
    };
  },
});
