// "Firefox, Windows" out of a User-Agent; good enough to know one's own devices again.
const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/\b(?:iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const find = (rows: [RegExp, string][], agent: string) => rows.find(([shape]) => shape.test(agent))?.[1];

/** Empty for a program that does not say what it is. */
export function deviceOf(agent: string): string {
  const known = [find(browsers, agent), find(systems, agent)].filter((part) => part !== undefined);
  return known.length > 0 ? known.join(', ') : (agent.split(/[\s/]/)[0] ?? '');
}
