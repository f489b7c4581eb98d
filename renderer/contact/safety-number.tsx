// The safety number: twelve groups of five digits, four in a row, three where it is narrow.
import './safety-number.css';

/** Groups of a number, digits of a group. */
export const SAFETY_GROUPS = 12;
export const SAFETY_GROUP_DIGITS = 5;

/** 60 digits as the groups that people read to each other; null for anything else. */
export function safetyGroups(digits: string): readonly string[] | null {
  if (!new RegExp(`^\\d{${SAFETY_GROUPS * SAFETY_GROUP_DIGITS}}$`).test(digits)) return null;
  return digits.match(new RegExp(`\\d{${SAFETY_GROUP_DIGITS}}`, 'g'));
}

export type SafetyNumberProps = { readonly label: string; readonly groups: readonly string[] };

export function SafetyNumber({ label, groups }: SafetyNumberProps) {
  return (
    <ul className="safety-number" aria-label={label}>
      {groups.map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have a place and may repeat
        <li key={index}>{group}</li>
      ))}
    </ul>
  );
}
