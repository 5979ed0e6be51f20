// First, before any schema is made.
import './zod-setup.ts';
import './styles.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLanguage } from './i18n/language.ts';
import { styleNonce } from './nonce.ts';

declare global {
  var __webpack_nonce__: string | undefined;
}
// The name under which the library that locks scrolling below dialogs looks for it.
globalThis.__webpack_nonce__ = styleNonce();

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
await startLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
