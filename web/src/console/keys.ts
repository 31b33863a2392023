// Which key does what. One table: the handler, the legend and the hints on the buttons are made from it. The letters are the same
// in both languages and are told by what is on the key, digits by where they are (above an AZERTY's letters they want Shift).
export type Command =
  | 'next' | 'decide' | 'reply' | 'ask' | 'refuse' | 'opinion' | 'hand_on' | 'leave' | 'open'
  | 'intent' | 'kind' | 'minutes' | 'place' | 'people' | 'offer' | 'week' | 'undo'
  | 'second' | 'not_second' | 'answer' | 'lesson' | 'help' | 'escape';

/** What the desk is in: nothing taken, a case to decide, a second look, a message that nobody could read, somebody's proposal to
 *  second, somebody's question, just decided. */
export type Mode = 'idle' | 'case' | 'sample' | 'alone' | 'seconding' | 'asked' | 'done';

export interface Binding {
  command: Command;
  /** As KeyboardEvent.key, lower case; '1' stands for 1 to 9 */
  key: string;
  modes: readonly Mode[];
  group: 'go' | 'acts' | 'reading' | 'other';
}

const always: readonly Mode[] = ['idle', 'case', 'sample', 'alone', 'seconding', 'asked', 'done'];
const held: readonly Mode[] = ['case', 'sample', 'alone', 'seconding', 'asked'];
const taken: readonly Mode[] = ['case', 'sample', 'seconding', 'asked'];
const read: readonly Mode[] = ['case', 'sample'];
const own: readonly Mode[] = ['case'];

export const bindings: readonly Binding[] = [
  { command: 'next', key: 'n', modes: always, group: 'go' },
  { command: 'decide', key: 'd', modes: ['case', 'sample', 'alone'], group: 'go' },
  { command: 'second', key: 'd', modes: ['seconding'], group: 'go' },
  { command: 'answer', key: 'd', modes: ['asked'], group: 'go' },
  { command: 'undo', key: 'z', modes: read, group: 'go' },
  { command: 'reply', key: 'r', modes: own, group: 'acts' },
  { command: 'ask', key: 'q', modes: own, group: 'acts' },
  { command: 'refuse', key: 'x', modes: own, group: 'acts' },
  { command: 'not_second', key: 'x', modes: ['seconding'], group: 'acts' },
  { command: 'opinion', key: 'o', modes: own, group: 'acts' },
  { command: 'hand_on', key: 'h', modes: held, group: 'acts' },
  { command: 'leave', key: 'l', modes: held, group: 'acts' },
  { command: 'intent', key: 'i', modes: read, group: 'reading' },
  { command: 'kind', key: 't', modes: read, group: 'reading' },
  { command: 'minutes', key: 'm', modes: read, group: 'reading' },
  { command: 'place', key: 'w', modes: read, group: 'reading' },
  { command: 'people', key: 'p', modes: read, group: 'reading' },
  { command: 'offer', key: '1', modes: read, group: 'reading' },
  { command: 'week', key: 'c', modes: taken, group: 'reading' },
  { command: 'open', key: 'f', modes: taken, group: 'other' },
  { command: 'lesson', key: 'k', modes: ['done'], group: 'other' },
  { command: 'help', key: '?', modes: always, group: 'other' },
  { command: 'escape', key: 'escape', modes: always, group: 'other' },
];

export interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
  isComposing: boolean;
}

/** 1 to 9 of either block of digits, whatever the layout; null for any other key. */
export function digitOf({ key, code }: Pick<Press, 'key' | 'code'>): number | null {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1] ?? /^[1-9]$/.exec(key)?.[0];
  return digit === undefined ? null : Number(digit);
}

/** The commands of a key; a key that is held down says it once. Null: the key is none of ours. */
export function commandOf(press: Press, mode: Mode): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || press.isComposing) return null;
  const key = digitOf(press) === null ? press.key.toLowerCase() : '1';
  return bindings.find((each) => each.key === key && each.modes.includes(mode))?.command ?? null;
}

/** What to show on a button. */
export const keyOf = (command: Command): string => {
  const key = bindings.find((each) => each.command === command)?.key ?? '';
  return key === '1' ? '1–9' : key === 'escape' ? 'Esc' : key.toUpperCase();
};

interface Place {
  tagName: string;
  type?: string;
  isContentEditable?: boolean;
}

const buttons = ['button', 'submit', 'reset', 'checkbox', 'radio'];

/** Whether keys are text where they go. Radio buttons and boxes take arrows and the space alone. */
export function isTyping(target: Place | null): boolean {
  if (!target) return false;
  if (target.isContentEditable) return true;
  if (target.tagName === 'INPUT') return !buttons.includes(target.type ?? 'text');
  return ['TEXTAREA', 'SELECT'].includes(target.tagName);
}
