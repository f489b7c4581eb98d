// One own code: its QR picture, its link, how long it holds, and what became of it.
import { Clock, Copy } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { Code } from '../../shared/api-people.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import { copyText } from './copy-text.ts';
import { qrModules } from './qr.ts';
import { QrCode } from './qr-code.tsx';

/** px of the picture: modules of 4 px for most networks' codes. */
const PICTURE_PX = 312;

export type CodeCardProps = {
  readonly code: Code;
  readonly isOnline: boolean;
  /** Whether copying is the page's one action now. */
  readonly isMain: boolean;
  readonly onWithdraw: () => void;
  /** Makes the next one; of an address, in place of this one. */
  readonly onNext: () => void;
  readonly isBusy: boolean;
};

export function CodeCard(props: CodeCardProps) {
  const { code } = props;
  if (code.state !== 'open') return <Ended {...props} />;
  return <OpenCode key={code.id} {...props} />;
}

function OpenCode(props: CodeCardProps) {
  const { text } = useSpeech();
  const { code } = props;
  const isAddress = code.kind === 'address';
  const modules = qrModules(code.text);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const field = useRef<HTMLInputElement>(null);
  const copy = () => {
    void copyText(code.text).then((isCopied) => {
      setCopied(isCopied ? 'yes' : 'failed');
      if (!isCopied) field.current?.select();
    });
  };
  return (
    <div className="code-card">
      {modules === null ? null : (
        <QrCode
          label={text(isAddress ? 'invite.qr.address' : 'invite.qr')}
          modules={modules}
          sizeMax={PICTURE_PX}
        />
      )}
      <CodeLink field={field} value={code.text} onCopy={copy} />
      <div className="code-actions">
        <Button
          kind={props.isMain ? 'filled' : 'outlined'}
          icon={<Icon of={Copy} small />}
          onPress={copy}
        >
          {text(copied === 'yes' ? 'invite.copied' : 'invite.copy')}
        </Button>
        <Button busy={props.isBusy} onPress={props.onNext}>
          {text(isAddress ? 'invite.renew' : 'invite.another')}
        </Button>
      </div>
      <p className="code-copied" role="status">
        {copied === 'yes' ? text('invite.copied.detail') : null}
        {copied === 'failed' ? text('invite.uncopied') : null}
      </p>
      <CodeFacts {...props} />
    </div>
  );
}

function CodeLink(props: {
  readonly field: React.Ref<HTMLInputElement>;
  readonly value: string;
  readonly onCopy: () => void;
}) {
  const { text } = useSpeech();
  const id = useId();
  return (
    <div className="field-box code-link">
      <label className="visually-hidden" htmlFor={id}>
        {text('invite.link')}
      </label>
      <input
        ref={props.field}
        id={id}
        className="field-input field-code code-text"
        value={props.value}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <IconButton words={text('invite.copy')} icon={<Icon of={Copy} />} onPress={props.onCopy} />
    </div>
  );
}

function CodeFacts({ code, isOnline, onWithdraw }: CodeCardProps) {
  const { text, formats } = useSpeech();
  const telling = isOnline ? 'invite.telling' : 'invite.telling.offline';
  return (
    <>
      <p className="code-fact" role="status">
        <span className="code-sign">
          <Mark size={18} active={!code.isReady && isOnline} />
        </span>
        {text(code.isReady ? 'invite.ready' : telling)}
      </p>
      <p className="code-fact">
        <span className="code-sign">
          <Icon of={Clock} />
        </span>
        <span>
          {text('invite.until', { moment: formats.until(code.expiresUnixMs) })}{' '}
          <button type="button" className="inline-action" onClick={onWithdraw}>
            {text('invite.withdraw')}
          </button>
        </span>
      </p>
    </>
  );
}

function Ended({ code, isMain, isBusy, onNext }: CodeCardProps) {
  const { text } = useSpeech();
  if (code.state === 'open') return null;
  return (
    <div className="code-card">
      <Notice kind="neutral" words={text(`invite.${code.state}`)} />
      <div className="code-actions">
        <Button kind={isMain ? 'filled' : 'outlined'} busy={isBusy} onPress={onNext}>
          {text(code.kind === 'address' ? 'invite.make.address' : 'invite.make')}
        </Button>
      </div>
    </div>
  );
}
