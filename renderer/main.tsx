import './without-eval.js'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.js'
import { createServices } from './app/services.js'
import { HttpTransport } from './client/http-transport.js'
import { PortTransport } from './client/port-transport.js'
import { createI18n } from './i18n/i18n.js'
import './styles.css'

const bridge = window.carechat
const services = createServices({
  createTransport: (onConnection) =>
    bridge ? new PortTransport({ bridge, host: window, onConnection }) : new HttpTransport({ baseUrl: '', onConnection }),
  sessionStorage: window.sessionStorage,
  localStorage: window.localStorage,
  systemLanguage: navigator.language,
})
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App services={services} i18n={createI18n(services.appearance.getState().language)} bridge={bridge} />
  </StrictMode>,
)
