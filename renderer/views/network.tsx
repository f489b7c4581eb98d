// How well delivery works, from the loops that this computer sends to itself: a sentence with cause
// and action, three facts, the charts with their tables, what leaves and what it costs.
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { Health } from '../../shared/api-health.ts';
import { copyText } from '../contact/copy-text.ts';
import { HealthFacts } from '../network/health-facts.tsx';
import { headWords } from '../network/health-words.ts';
import { NodesPanel } from '../network/nodes-panel.tsx';
import { redactedReport } from '../network/report.ts';
import { RoundTripPanel } from '../network/round-trip-panel.tsx';
import { SendAnyway } from '../network/send-anyway.tsx';
import { DataPanel, LeavesPanel, LinkPanel, PeoplePanel } from '../network/side-panels.tsx';
import { useHealth, useKnown } from '../state/session.tsx';
import { LOADING_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { iconState, NetworkIcon } from '../ui/network-icon.tsx';
import { Notice } from '../ui/notice.tsx';
import '../network/network-page.css';
import { PageBar } from './page-bar.tsx';

export function NetworkPage({ onBack }: { readonly onBack: () => void }) {
  const { text } = useSpeech();
  const health = useHealth((known) => known.health);
  const isRefused = useHealth((known) => known.isRefused);
  const waiting = useDelayed(health === null && !isRefused, LOADING_DELAY_MS);
  return (
    <>
      <PageBar title={text('health.title')} onBack={onBack}>
        {health === null ? null : <BarRest health={health} />}
      </PageBar>
      <div className="page-scroll">
        <div className="network-page">
          {isRefused ? (
            <Notice
              kind="danger"
              words={text(health === null ? 'health.refused.empty' : 'health.refused')}
            />
          ) : null}
          {waiting ? <Notice kind="neutral" words={text('health.waiting')} /> : null}
          {health === null ? null : <NetworkHealth health={health} />}
        </div>
      </div>
    </>
  );
}

function BarRest({ health }: { readonly health: Health }) {
  const { text } = useSpeech();
  const { network } = health;
  const isNamed = network !== null && network.traffic !== null;
  return (
    <span className="network-bar">
      <span className="network-bar-note">
        {network === null ? null : <bdi>{network.name}</bdi>}
        {isNamed ? (
          <span className="network-bar-note-long">
            {text('health.traffic', { traffic: network.traffic ?? '' })}
          </span>
        ) : null}
      </span>
      <CopyReport health={health} />
    </span>
  );
}

function CopyReport({ health }: { readonly health: Health }) {
  const { text } = useSpeech();
  const version = useKnown((known) => known.about?.version ?? null);
  const [outcome, setOutcome] = useState<'copy' | 'copied' | 'copy.failed'>('copy');
  const copy = async () => {
    const isCopied = await copyText(redactedReport(health, version));
    setOutcome(isCopied ? 'copied' : 'copy.failed');
  };
  return (
    <span role="status">
      <span className="only-wide">
        <Button icon={<Icon of={Copy} small />} onPress={() => void copy()}>
          {text(`health.${outcome}`)}
        </Button>
      </span>
      <span className="only-narrow">
        <IconButton
          words={text(`health.${outcome}`)}
          icon={<Icon of={outcome === 'copied' ? Check : Copy} />}
          onPress={() => void copy()}
        />
      </span>
    </span>
  );
}

function NetworkHealth({ health }: { readonly health: Health }) {
  return (
    <>
      <Head health={health} />
      {health.state === 'none' ? null : (
        <>
          <HealthFacts health={health} />
          <div className="network-panels">
            <div className="network-panels-main">
              <RoundTripPanel health={health} />
              <NodesPanel health={health} />
              <LinkPanel health={health} />
            </div>
            <div className="network-panels-side">
              <LeavesPanel health={health} />
              <DataPanel health={health} />
              <PeoplePanel health={health} />
            </div>
          </div>
        </>
      )}
    </>
  );
}

function Head({ health }: { readonly health: Health }) {
  const speech = useSpeech();
  const { title, detail } = headWords(speech, health);
  const icon = iconState(health.state);
  return (
    <div className="network-head">
      <span className={`network-head-tile ${tileOf(health)}`}>
        <NetworkIcon state={icon} size={22} />
      </span>
      <div className="network-head-words" role="status">
        <p className="network-head-title">{title}</p>
        <p className="network-head-detail">{detail}</p>
      </div>
      {health.isHolding ? (
        <span className="network-head-action">
          <SendAnyway />
        </span>
      ) : null}
    </div>
  );
}

function tileOf({ state }: Health): string {
  switch (state) {
    case 'good':
      return '';
    case 'none':
    case 'connecting':
    case 'measuring':
      return 'network-head-still';
    case 'slow':
    case 'degraded':
      return 'network-head-caution';
    case 'failing':
    case 'offline':
    case 'clock_wrong':
    case 'stale':
      return 'network-head-danger';
  }
}
