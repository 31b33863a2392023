// Passkeys: what the browser wants as bytes travels as base64url (WebAuthn level 3, section 5.1.10).
type Json = Record<string, unknown>;

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const describe = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list as Json[] | undefined) ?? []).map((each) => ({ ...each, id: bytesOf(String(each['id'])) }) as unknown as PublicKeyCredentialDescriptor);

export function requestOptions(json: object): PublicKeyCredentialRequestOptions {
  const from = json as Json;
  return {
    ...from,
    challenge: bytesOf(String(from['challenge'])),
    allowCredentials: describe(from['allowCredentials']),
  } as PublicKeyCredentialRequestOptions;
}

export function creationOptions(json: object): PublicKeyCredentialCreationOptions {
  const from = json as Json;
  const user = from['user'] as Json;
  return {
    ...from,
    challenge: bytesOf(String(from['challenge'])),
    user: { ...user, id: bytesOf(String(user['id'])) },
    excludeCredentials: describe(from['excludeCredentials']),
  } as unknown as PublicKeyCredentialCreationOptions;
}

/** RegistrationResponseJSON or AuthenticationResponseJSON. */
export function credentialJson(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorResponse & Partial<AuthenticatorAttestationResponse> &
    Partial<AuthenticatorAssertionResponse>;
  const parts: Json = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle'] as const) {
    const value = response[name];
    if (value instanceof ArrayBuffer) parts[name] = textOf(value);
  }
  if (response.getTransports) parts['transports'] = response.getTransports();
  return {
    id: credential.id, rawId: textOf(credential.rawId), type: credential.type, response: parts,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

export const passkeysWork = (): boolean => 'PublicKeyCredential' in window;

/** Whether the browser offers passkeys in the field of the address by itself. */
export const offersPasskeys = async (): Promise<boolean> =>
  passkeysWork() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
