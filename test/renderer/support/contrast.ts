// Reads the tokens of a style sheet as it is written, and WCAG 2 contrast of two of its colours.
export type Theme = 'light' | 'dark';
export type Tokens = ReadonlyMap<string, { readonly light: string; readonly dark: string }>;

/** Every `--name: light-dark(#a, #b)` and `--name: #a` of a sheet. */
export function readTokens(css: string): Tokens {
  const tokens = new Map<string, { light: string; dark: string }>();
  const both = /--([\w-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)\s*;/gi;
  for (const [, name = '', light = '', dark = ''] of css.matchAll(both)) {
    tokens.set(name, { light, dark });
  }
  for (const [, name = '', colour = ''] of css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\s*;/gi)) {
    tokens.set(name, { light: colour, dark: colour });
  }
  return tokens;
}

/** Contrast ratio of two #rrggbb colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Pairs whose contrast in a theme is below what they need; each as one line. */
export function tooFaint(
  tokens: Tokens,
  pairs: readonly (readonly [ink: string, ground: string, needed: number])[],
): string[] {
  const themes: readonly Theme[] = ['light', 'dark'];
  return pairs.flatMap(([ink, ground, needed]) =>
    themes.flatMap((theme) => {
      const [over, under] = [tokens.get(ink)?.[theme], tokens.get(ground)?.[theme]];
      if (over === undefined || under === undefined) return [`${ink} on ${ground}: no such token`];
      const ratio = contrast(over, under);
      return ratio >= needed ? [] : [`${ink} on ${ground}, ${theme}: ${ratio.toFixed(2)}`];
    }),
  );
}
