import { describe, expect, it } from 'vitest';
import { bytesOf, creationOptions, requestOptions, textOf } from './webauthn';

describe('base64url', () => {
  it.each([[''], ['AA'], ['_-8'], ['AAECAwQFBgc'], ['-_-_']])('%s there and back', (text) => {
    expect(textOf(bytesOf(text).buffer)).toBe(text);
  });

  it('knows its two own letters', () => {
    expect([...bytesOf('-_8')]).toEqual([0xfb, 0xff]);
  });
});

describe('options', () => {
  it('of a sign-in have bytes where the browser wants them', () => {
    const options = requestOptions({ challenge: 'AQID', rpId: 'meet.example', allowCredentials: [{ id: 'BAU', type: 'public-key' }] });
    expect([...(options.challenge as Uint8Array)]).toEqual([1, 2, 3]);
    expect(options.rpId).toBe('meet.example');
    expect([...(options.allowCredentials?.[0]?.id as Uint8Array)]).toEqual([4, 5]);
  });

  it('of a new one too, without a list as well', () => {
    const options = creationOptions({ challenge: 'AQID', user: { id: 'Bg', name: 'n', displayName: 'd' } });
    expect([...(options.user.id as Uint8Array)]).toEqual([6]);
    expect(options.user.name).toBe('n');
    expect(options.excludeCredentials).toEqual([]);
  });
});
