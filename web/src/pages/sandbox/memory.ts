// What a reload of the page keeps: in this tab only, but for the language.
import { useEffect, useState } from 'preact/hooks';

function read<T>(store: () => Storage, key: string, otherwise: T): T {
  try {
    const text = store().getItem(key);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise; // storage is switched off, or holds something else
  }
}

export function useKept<T>(key: string, otherwise: T, store: () => Storage = () => sessionStorage) {
  const [value, setValue] = useState<T>(() => read(store, key, otherwise));
  useEffect(() => {
    try {
      store().setItem(key, JSON.stringify(value));
    } catch {
      // nothing is kept then
    }
  }, [key, value]);
  return [value, setValue] as const;
}
