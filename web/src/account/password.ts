// The rules of a password that can be told while it is written; the server knows the others.
export const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u];

export interface Hints {
  length: boolean;
  classes: boolean;
}

/** Characters as people count them. */
export const lengthOf = (password: string): number => [...password].length;

export const hintsOf = (password: string): Hints => ({
  length: lengthOf(password) >= 8 && lengthOf(password) <= 128,
  classes: classes.filter((one) => one.test(password)).length >= 3,
});

const rules = ['not_text', 'too_short', 'too_long', 'few_classes', 'personal', 'common'];
export const isRule = (word: string): boolean => rules.includes(word);
