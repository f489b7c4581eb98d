// Types of check-builder-config.mjs, which reaches into a package without types.
export function checkBuilderConfig(changes?: object): Promise<Record<string, unknown>>;
