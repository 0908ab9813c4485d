import type { ProviderName } from '../../../shared/contract/common.js'

export interface ProviderDefinition {
  label: string
  /** Empty where only the site knows it. */
  defaultBaseUrl: string
  /** Empty where the server is asked for its models. */
  defaultModel: string
  models: readonly string[]
  needsKey: boolean
  /** A cloud provider is only called over TLS, loopback apart. */
  cloud: boolean
  environment: { key: string; baseUrl: string; model: string | null; speechModel: string | null }
  /** Model that turns speech into text: null where the provider has none, empty where the server is asked for its models. */
  speechModel: string | null
}

/** What is known of each provider before anything is configured. */
export const providerDefinitions: Readonly<Record<ProviderName, ProviderDefinition>> = {
  groq: {
    label: 'Groq',
    defaultBaseUrl: 'https://api.groq.com',
    defaultModel: 'llama-3.3-70b-versatile',
    models: ['llama-3.3-70b-versatile', 'llama-3.1-8b-instant', 'openai/gpt-oss-120b'],
    needsKey: true,
    cloud: true,
    environment: { key: 'GROQ_API_KEY', baseUrl: 'GROQ_BASE_URL', model: null, speechModel: 'GROQ_SPEECH_MODEL' },
    speechModel: 'whisper-large-v3-turbo',
  },
  gemini: {
    label: 'Google Gemini',
    defaultBaseUrl: 'https://generativelanguage.googleapis.com',
    defaultModel: 'gemini-2.5-flash',
    models: ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-2.0-flash'],
    needsKey: true,
    cloud: true,
    environment: { key: 'GEMINI_API_KEY', baseUrl: 'GEMINI_BASE_URL', model: null, speechModel: null },
    speechModel: null,
  },
  local: {
    label: 'Hospital server',
    defaultBaseUrl: '',
    defaultModel: '',
    models: [],
    needsKey: false,
    cloud: false,
    environment: { key: 'LOCAL_LLM_API_KEY', baseUrl: 'LOCAL_LLM_BASE_URL', model: 'LOCAL_LLM_MODEL', speechModel: 'LOCAL_SPEECH_MODEL' },
    speechModel: '',
  },
}
