// The half of the new-contact page that invites: makes a code, shows it, takes it back, and lists
// what else is open.
import { useState } from 'react';
import type { Code } from '../../shared/api-people.ts';
import { useApi, useKnown } from '../state/session.tsx';
import { useAct } from '../state/use-act.ts';
import { useAsked, useEvents } from '../state/use-asked.ts';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Failure } from '../views/failure.tsx';
import { CodeCard } from './code-card.tsx';
import './invite-panel.css';

type Kind = Code['kind'];
/** What is asked before it is done, since it cannot be undone. */
type Question = { readonly of: Code; readonly what: 'withdraw' | 'renew' };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** How long a code may hold, the proposed one first. */
const lifetimes: Readonly<Record<Kind, readonly number[]>> = {
  invite: [7 * DAY_MS, HOUR_MS, DAY_MS, 30 * DAY_MS],
  address: [365 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS],
};

export type InvitePanelProps = {
  readonly isOnline: boolean;
  /** Whether the page's one action is on this half. */
  readonly isMain: boolean;
};

export function InvitePanel({ isOnline, isMain }: InvitePanelProps) {
  const { text } = useSpeech();
  const network = useKnown((known) => known.profile?.network?.name);
  const [kind, setKind] = useState<Kind>('invite');
  const codes = useCodes();
  const waiting = useDelayed(codes.list === null && codes.failure === null, LOADING_DELAY_MS);
  const shown = shownOf(codes.list, kind, codes.shownId);
  return (
    <section className="new-half" aria-labelledby="invite-title">
      <h2 className="new-heading" id="invite-title">
        {text('invite.title')}
      </h2>
      <p className="new-lead">
        {text(kind === 'invite' ? 'invite.detail' : 'invite.detail.address', {
          network: network ?? text('invite.network'),
        })}
      </p>
      <div className="invite-kind">
        <Segmented
          label={text('invite.kind')}
          value={kind}
          choices={[
            { value: 'invite', words: text('invite.kind.invite') },
            { value: 'address', words: text('invite.kind.address') },
          ]}
          onChange={setKind}
        />
      </div>
      {codes.list === null ? null : shown === null ? (
        <NoCode key={kind} kind={kind} isMain={isMain} codes={codes} />
      ) : (
        <CodeCard
          code={shown}
          isOnline={isOnline}
          isMain={isMain}
          isBusy={codes.isBusy}
          onWithdraw={() => codes.question({ of: shown, what: 'withdraw' })}
          onNext={() =>
            kind === 'address' && shown.state === 'open'
              ? codes.question({ of: shown, what: 'renew' })
              : codes.make(kind, lifetimes[kind][0] ?? DAY_MS)
          }
        />
      )}
      <Failure failure={codes.failure} {...(codes.list === null ? { onAgain: codes.ask } : {})} />
      {waiting ? <Notice kind="neutral" words={text('invite.waiting')} /> : null}
      <OtherCodes list={codes.list ?? []} shown={shown} codes={codes} onKind={setKind} />
      <Questions codes={codes} />
    </section>
  );
}

/** The newest of its kind that is open, unless another was asked for or has just ended here. */
function shownOf(list: readonly Code[] | null, kind: Kind, shownId: string | null): Code | null {
  const ofKind = (list ?? []).filter((code) => code.kind === kind);
  const asked = ofKind.find((code) => code.id === shownId);
  return asked ?? ofKind.find((code) => code.state === 'open') ?? null;
}

type Codes = ReturnType<typeof useCodes>;

function useCodes() {
  const api = useApi();
  const asked = useAsked('code.list', {});
  const act = useAct();
  const [shownId, show] = useState<string | null>(null);
  const [open, question] = useState<Question | null>(null);
  const put = (code: Code) => {
    asked.put((list) => {
      const isKnown = list.some((one) => one.id === code.id);
      return isKnown ? list.map((one) => (one.id === code.id ? code : one)) : [code, ...list];
    });
  };
  useEvents({ code: put });
  const make = (kind: Kind, lifetimeMs: number, instead?: Code) => {
    act.run(async () => {
      const code = await api.call('code.create', { kind, lifetimeMs });
      put(code);
      show(code.id);
      if (instead !== undefined) put(await api.call('code.withdraw', { id: instead.id }));
    });
  };
  const withdraw = (code: Code) => {
    show(code.id);
    act.run(async () => put(await api.call('code.withdraw', { id: code.id })));
  };
  const list = asked.value?.toSorted((one, other) => other.createdUnixMs - one.createdUnixMs);
  return {
    list: list ?? null,
    failure: act.failure ?? (asked.value === null ? asked.failure : null),
    ask: asked.ask,
    isBusy: act.isBusy,
    shownId,
    show,
    make,
    withdraw,
    open,
    question,
  };
}

function NoCode(props: { readonly kind: Kind; readonly isMain: boolean; readonly codes: Codes }) {
  const { text } = useSpeech();
  const { kind, codes } = props;
  const [lifetimeMs, setLifetimeMs] = useState(lifetimes[kind][0] ?? DAY_MS);
  const words = (ms: number) =>
    ms < DAY_MS
      ? text('invite.hours', { hours: ms / HOUR_MS })
      : text('invite.days', { days: ms / DAY_MS });
  const isInvite = kind === 'invite';
  return (
    <div className="code-card">
      <p className="code-none">{text(isInvite ? 'invite.none' : 'invite.none.address')}</p>
      <div className="code-actions">
        <Button
          kind={props.isMain ? 'filled' : 'outlined'}
          busy={codes.isBusy}
          onPress={() => codes.make(kind, lifetimeMs)}
        >
          {text(isInvite ? 'invite.make' : 'invite.make.address')}
        </Button>
        <span className="code-lifetime">
          <span aria-hidden="true">{text('invite.lifetime')}</span>
          <Select
            label={text('invite.lifetime')}
            value={String(lifetimeMs)}
            choices={[...lifetimes[kind]]
              .sort((one, other) => one - other)
              .map((ms) => ({ value: String(ms), words: words(ms) }))}
            onChange={(ms) => setLifetimeMs(Number(ms))}
          />
        </span>
      </div>
    </div>
  );
}

function OtherCodes(props: {
  readonly list: readonly Code[];
  readonly shown: Code | null;
  readonly codes: Codes;
  readonly onKind: (kind: Kind) => void;
}) {
  const { text, formats } = useSpeech();
  const others = props.list.filter((code) => code.state === 'open' && code.id !== props.shown?.id);
  if (others.length === 0) return null;
  return (
    <section aria-labelledby="open-codes">
      <h3 className="new-subheading" id="open-codes">
        {text('invite.open')}
      </h3>
      <ul className="open-codes">
        {others.map((code) => {
          const name = text(`invite.row.${code.kind}`, { date: formats.date(code.createdUnixMs) });
          return (
            <li key={code.id} className="setting">
              <div className="setting-words">
                <p className="setting-name">{name}</p>
                <p className="setting-detail">
                  {text('invite.row.until', { moment: formats.until(code.expiresUnixMs) })}
                </p>
              </div>
              <span className="open-code-actions">
                <Button
                  kind="text"
                  onPress={() => {
                    props.onKind(code.kind);
                    props.codes.show(code.id);
                  }}
                >
                  {text('invite.show')}
                  <span className="visually-hidden"> {name}</span>
                </Button>
                <Button
                  kind="text"
                  onPress={() => props.codes.question({ of: code, what: 'withdraw' })}
                >
                  {text('invite.withdraw')}
                  <span className="visually-hidden"> {name}</span>
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Questions({ codes }: { readonly codes: Codes }) {
  const { text } = useSpeech();
  const { open } = codes;
  const isRenewal = open?.what === 'renew';
  const isAddress = open?.of.kind === 'address';
  const close = () => codes.question(null);
  const withdrawTitle = isAddress ? 'invite.withdraw.title.address' : 'invite.withdraw.title';
  return (
    <Dialog
      open={open !== null}
      title={text(isRenewal ? 'invite.renew.title' : withdrawTitle)}
      description={text(isRenewal ? 'invite.renew.detail' : 'invite.withdraw.detail')}
      actions={
        <>
          <Button onPress={close}>{text('invite.keep')}</Button>
          <Button
            kind="destructive"
            onPress={() => {
              if (open === null) return;
              if (isRenewal) codes.make('address', lifetimes.address[0] ?? DAY_MS, open.of);
              else codes.withdraw(open.of);
              close();
            }}
          >
            {text(isRenewal ? 'invite.renew' : 'invite.withdraw')}
          </Button>
        </>
      }
      onClose={close}
    />
  );
}
