// Called by electron-builder on the packed app: switches off every way of running Electron's
// executable as something other than Eddy. With `strictlyRequireAllFuses` a fuse that a new
// Electron brings stops the build until somebody has decided on it. electron-builder's own option
// knows fewer fuses.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** The packed executable's fuses; integrity checks of the archive exist on macOS and Windows. */
export const fuses = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

const executables = {
  darwin: (name) => `${name}.app`,
  win32: (name) => `${name}.exe`,
  linux: (_name, packager) => packager.executableName,
};

export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const name = executables[electronPlatformName](packager.appInfo.productFilename, packager);
  const file = path.join(appOutDir, name);
  if (!existsSync(file)) throw new Error(`expected the executable at ${name}`);
  await flipFuses(file, { ...fuses, resetAdHocDarwinSignature: electronPlatformName === 'darwin' });
}
