// The user's own picture: chosen, cut to a square, made small, or taken away. What leaves here is
// a small picture that was written anew.
import { Image as ImageSign } from 'lucide-react';
import { type PointerEvent, useEffect, useId, useRef, useState } from 'react';
import { useAct } from '../state/use-act.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { FileButton } from './picture-drop.tsx';
import {
  cropOf,
  drawCrop,
  encodeAvatar,
  openPicture,
  PICTURE_SIZE_MAX,
  PICTURE_TYPES,
} from './picture-file.ts';
import './picture-editor.css';

/** px of the square while it is cut. */
const CROP_PX = 192;
const ZOOM_MAX = 4;
const SLIDER_STEP = 0.01;

export type PictureEditorProps = {
  readonly name: string;
  readonly pair: number;
  readonly picture: string | null;
  readonly onPicture: (picture: string | null) => void;
};

export function PictureEditor(props: PictureEditorProps) {
  const { text, formats } = useSpeech();
  const [open, setOpen] = useState<ImageBitmap | null>(null);
  const [trouble, setTrouble] = useState<'bad' | 'large' | null>(null);
  const reading = useAct();
  useEffect(() => () => open?.close(), [open]);
  const choose = (file: File) => {
    setTrouble(null);
    reading.run(async () => {
      const picture = await openPicture(file);
      setOpen(picture);
      if (picture === null) setTrouble('bad');
    });
  };
  if (open !== null) {
    return (
      <Cropper
        picture={open}
        onTake={(taken) => {
          if (taken === null) setTrouble('large');
          else props.onPicture(taken);
          setOpen(null);
        }}
        onCancel={() => setOpen(null)}
      />
    );
  }
  const size = formats.size(PICTURE_SIZE_MAX);
  return (
    <div className="picture-editor">
      <Avatar name={props.name} pair={props.pair} picture={props.picture} size={72} />
      <div className="picture-words">
        <p className="setting-detail">{text('picture.detail')}</p>
        <div className="code-actions">
          <FileButton
            accept={PICTURE_TYPES}
            icon={<Icon of={ImageSign} small />}
            busy={reading.isBusy}
            onFile={choose}
          >
            {text(props.picture === null ? 'picture.choose' : 'picture.change')}
          </FileButton>
          {props.picture === null ? null : (
            <Button kind="text" onPress={() => props.onPicture(null)}>
              {text('picture.remove')}
            </Button>
          )}
        </div>
        <div role="status" className="failure">
          {trouble === 'bad' ? (
            <Notice kind="danger" words={text('picture.bad', { size })} />
          ) : null}
          {trouble === 'large' ? <Notice kind="danger" words={text('picture.large')} /> : null}
        </div>
      </div>
    </div>
  );
}

type View = { readonly zoom: number; readonly across: number; readonly down: number };

function Cropper(props: {
  readonly picture: ImageBitmap;
  readonly onTake: (picture: string | null) => void;
  readonly onCancel: () => void;
}) {
  const { text } = useSpeech();
  const { picture } = props;
  const [view, setView] = useState<View>({ zoom: 1, across: 0.5, down: 0.5 });
  const canvas = useRef<HTMLCanvasElement>(null);
  const taking = useAct();
  const hintId = useId();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    drawCrop(context, picture, cropOf(picture, view));
  }, [picture, view]);
  const drag = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons !== 1) return;
    setView((now) => moved(now, picture, event.movementX, event.movementY));
  };
  return (
    <fieldset className="cropper" aria-describedby={hintId}>
      <legend className="setting-name">{text('picture.crop')}</legend>
      <canvas
        ref={canvas}
        className="cropper-view"
        width={2 * CROP_PX}
        height={2 * CROP_PX}
        role="img"
        aria-label={text('picture.crop')}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
      />
      <div className="cropper-sliders">
        <Sliders view={view} onView={setView} />
        <p id={hintId} className="field-note">
          {text('picture.crop.hint')}
        </p>
        <div className="code-actions">
          <Button
            busy={taking.isBusy}
            onPress={() =>
              taking.run(async () => {
                props.onTake(await encodeAvatar(picture, cropOf(picture, view)));
              })
            }
          >
            {text('picture.take')}
          </Button>
          <Button kind="text" onPress={props.onCancel}>
            {text('contact.cancel')}
          </Button>
        </div>
      </div>
    </fieldset>
  );
}

function Sliders(props: { readonly view: View; readonly onView: (view: View) => void }) {
  const { text } = useSpeech();
  const { view, onView } = props;
  return (
    <>
      <Slider
        words={text('picture.zoom')}
        min={1}
        max={ZOOM_MAX}
        value={view.zoom}
        onChange={(zoom) => onView({ ...view, zoom })}
      />
      <Slider
        words={text('picture.across')}
        min={0}
        max={1}
        value={view.across}
        onChange={(across) => onView({ ...view, across })}
      />
      <Slider
        words={text('picture.down')}
        min={0}
        max={1}
        value={view.down}
        onChange={(down) => onView({ ...view, down })}
      />
    </>
  );
}

/** The view after the picture was dragged by so many px of the window. */
export function moved(
  view: View,
  picture: { readonly width: number; readonly height: number },
  movedX: number,
  movedY: number,
): View {
  const { side } = cropOf(picture, view);
  const perPx = side / CROP_PX;
  const along = (place: number, length: number, px: number) => {
    const room = length - side;
    return room <= 0 ? place : Math.min(1, Math.max(0, place - (px * perPx) / room));
  };
  return {
    zoom: view.zoom,
    across: along(view.across, picture.width, movedX),
    down: along(view.down, picture.height, movedY),
  };
}

function Slider(props: {
  readonly words: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <label className="cropper-slider">
      <span>{props.words}</span>
      <input
        type="range"
        min={props.min}
        max={props.max}
        step={SLIDER_STEP}
        value={props.value}
        onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
