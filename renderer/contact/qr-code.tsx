// A QR code as one path, dark on light in both themes, with four modules of quiet space around it.
import './qr-code.css';

/** Modules of light around a code, as its standard asks. */
export const QUIET_MODULES = 4;

export type QrCodeProps = {
  /** Rows of modules, true is dark; square. */
  readonly modules: readonly (readonly boolean[])[];
  readonly label: string;
  /** px that one side may take, quiet space included; modules are whole px where they can be. */
  readonly sizeMax: number;
};

export function QrCode({ modules, label, sizeMax }: QrCodeProps) {
  const side = modules.length + 2 * QUIET_MODULES;
  const size = Math.max(1, Math.floor(sizeMax / side)) * side;
  return (
    <svg
      className="qr-code"
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect className="qr-light" width={side} height={side} />
      <path className="qr-dark" d={darkPath(modules)} />
    </svg>
  );
}

/** The dark modules, runs of a row joined. */
export function darkPath(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) =>
      row.flatMap((dark, x) => {
        if (!dark || row[x - 1] === true) return [];
        const end = row.indexOf(false, x);
        const run = (end === -1 ? row.length : end) - x;
        return `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h${run}v1h-${run}z`;
      }),
    )
    .join('');
}
