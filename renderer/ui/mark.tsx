// The mark: a lower-case e drawn as one stroke that runs in a loop, a packet in its opening. As the
// activity indicator its dot runs round the loop; words beside it always say what is awaited.
import './mark.css';

export function Mark(props: { readonly size?: number; readonly active?: boolean }) {
  const size = props.size ?? 24;
  return (
    <svg
      className={props.active === true ? 'mark mark-active' : 'mark'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
    >
      <path
        d="M4.2 12.2h15.9A8.2 8.2 0 1 0 14.4 20"
        stroke="currentColor"
        strokeWidth="2.3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle className="mark-packet" cx="18.6" cy="17.6" r="1.75" fill="currentColor" />
    </svg>
  );
}
