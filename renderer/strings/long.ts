// A message too long for its line, in parts: the text is joined and so is its type, from which the
// catalogue knows the parameters. (Of `'a' + 'b'` the type is any text.)
type Joined<P extends readonly string[]> = P extends readonly [
  infer First extends string,
  ...infer Rest extends readonly string[],
]
  ? `${First}${Joined<Rest>}`
  : '';

export function long<const P extends readonly string[]>(...parts: P): Joined<P> {
  return parts.join('') as Joined<P>;
}
