// Events on their way to a listener: as many as the limit, and what was left out is told once.
import { describe, expect, it } from 'vitest';
import { createEventGate } from '../../../main/engine/event-gate.ts';
import { EVENTS_UNSEEN_MAX, type EventFrame, parseAnswer } from '../../../shared/api.ts';

const event: EventFrame = { event: 'engine', value: { state: 'running', reason: null } };

describe('a gate', () => {
  it('lets as many through as its limit, counts one more, and tells it when there is room', () => {
    const posted: EventFrame[] = [];
    const gate = createEventGate((frame) => posted.push(frame));
    for (let count = 0; count < EVENTS_UNSEEN_MAX; count++) gate.emit(event);
    expect(posted).toHaveLength(EVENTS_UNSEEN_MAX);
    gate.emit(event);
    gate.emit(event);
    expect(posted).toHaveLength(EVENTS_UNSEEN_MAX);
    gate.seen(1);
    expect(posted.at(-1)).toEqual({ event: 'missed', value: { count: 2 } });
    expect(parseAnswer(posted.at(-1))).toEqual(posted.at(-1));
    // Full again: nothing passes the gap's end unnoticed.
    gate.emit(event);
    expect(posted).toHaveLength(EVENTS_UNSEEN_MAX + 1);
    gate.seen(EVENTS_UNSEEN_MAX);
    expect(posted.at(-1)).toEqual({ event: 'missed', value: { count: 1 } });
    gate.emit(event);
    expect(posted.at(-1)).toEqual(event);
  });

  it('takes no more as seen than was posted', () => {
    const gate = createEventGate(() => undefined, 2);
    gate.emit(event);
    gate.seen(1);
    expect(() => gate.seen(1)).toThrow('no more events are seen');
  });
});
