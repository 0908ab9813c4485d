/**
 * The composition of the backend: every service is built here, explicitly and in order, and closed in the opposite one.
 */
import path from 'node:path'
import { AccountsService } from './accounts/accounts-service.js'
import { accountsHandlers } from './accounts/accounts-handlers.js'
import { PasswordHasher } from './accounts/password-hasher.js'
import { PasswordPolicy } from './accounts/password-policy.js'
import { SetupCode } from './accounts/setup-code.js'
import { SignInGuard } from './accounts/sign-in-guard.js'
import { TokenService } from './accounts/token-service.js'
import { chatHandlers } from './chat/chat-handlers.js'
import { ChatService } from './chat/chat-service.js'
import { AnswerCompletions, type CompletionLimits } from './chat/completions/answer-completions.js'
import { CompletionsStore } from './chat/completions/completions-store.js'
import { ConversationWatch } from './chat/conversation-watch.js'
import { readAnswerRules } from './chat/output-check/answer-rules.js'
import { OutputCheck } from './chat/output-check/output-check.js'
import { PassageSearch } from './chat/passage-search.js'
import { ProviderAnswering } from './chat/provider-answering.js'
import { QueryRewriting } from './chat/query-rewriting.js'
import { QuestionAnswering } from './chat/question-answering.js'
import { conversationsHandlers } from './conversations/conversations-handlers.js'
import { ConversationsService } from './conversations/conversations-service.js'
import { MessagesStore } from './conversations/messages-store.js'
import type { Database } from './database/database.js'
import { DatabaseMaintenance } from './database/database-maintenance.js'
import { purgeErased } from './database/purge-erased.js'
import { openDatabase } from './database/open-database.js'
import { DocumentReader } from './documents/document-reader.js'
import { documentsHandlers } from './documents/documents-handlers.js'
import { DocumentsService } from './documents/documents-service.js'
import { ragHandlers } from './documents/rag-handlers.js'
import { UploadsStore } from './documents/uploads-store.js'
import { WatchFolder } from './documents/watch-folder.js'
import { feedbackHandlers, FeedbackService } from './feedback/feedback-service.js'
import type { KeyStore } from './keys/key-store.js'
import { secretKey } from './keys/secret-key.js'
import { detectLanguage } from './knowledge/language/language-detection.js'
import { knowledgeHandlers } from './knowledge/knowledge-handlers.js'
import { KnowledgeService } from './knowledge/knowledge-service.js'
import type { Logger } from './logging/logger.js'
import { readInstructions } from './memory/instructions.js'
import { readMemoryRules } from './memory/facts/rules.js'
import { memoryHandlers } from './memory/memory-handlers.js'
import { MemoryService } from './memory/memory-service.js'
import type { BackendOptions } from './process-messages.js'
import { Concealments } from './privacy/concealments.js'
import { consentHandlers } from './privacy/consent-handlers.js'
import { ConsentService } from './privacy/consent-service.js'
import { IdentifierFinder } from './privacy/identifier-finder.js'
import { providerDefinitions } from './providers/provider-definitions.js'
import { recordProviderUsage } from './providers/provider-usage-store.js'
import { providersHandlers } from './providers/providers-handlers.js'
import { ProvidersService } from './providers/providers-service.js'
import { settingsHandlers } from './settings/settings-handlers.js'
import { SettingsService } from './settings/settings-service.js'
import { systemHandlers } from './system/system-handlers.js'
import { RateLimiter } from './transport/rate-limiter.js'
import { Router } from './transport/router.js'
import { TriageService } from './triage/triage-service.js'
import { readInThread } from './voice/audio/audio-reader.js'
import { DeviceWhisper } from './voice/device/device-whisper.js'
import { SpeechService } from './voice/speech-service.js'
import { TranslationService } from './voice/translation-service.js'
import { voiceHandlers } from './voice/voice-handlers.js'

export interface BackendParts {
  options: BackendOptions
  keyStore: KeyStore
  logger: Logger
  environment: NodeJS.ProcessEnv
  /** The database thread ended by itself with this code; the process must end with it. */
  onDatabaseEnd: (exitCode: number) => void
  now?: () => Date
  /** bcrypt cost; 12 in the product. */
  passwordCost?: number
  /** The patience of the queue of answers; the product's own where not given. */
  completionLimits?: Partial<CompletionLimits>
}

export interface Backend {
  router: Router
  database: Database
  knowledge: KnowledgeService
  close(): Promise<void>
}

/** Where the prepared database lies in a build or package. */
function preparedArchive(resourcesFolder: string): string {
  return path.join(resourcesFolder, 'dist', 'prepared-database.tar')
}

/** Builds the backend on a data folder. Throws FolderInUseError, FolderVersionError, or what made a service impossible. */
export async function createBackend({ options, keyStore, logger, environment, onDatabaseEnd, now = () => new Date(), passwordCost, completionLimits }: BackendParts): Promise<Backend> {
  const data = (...names: string[]): string => path.join(options.resourcesFolder, 'data', ...names)

  const opened = await openDatabase({
    folder: options.dataFolder,
    preparedArchive: preparedArchive(options.resourcesFolder),
    onThreadEnd: onDatabaseEnd,
    logger,
    now,
  })
  const { database } = opened

  const settings = new SettingsService(database, { kiosk: options.kiosk })
  const hasher = new PasswordHasher(passwordCost)
  const setupCode = new SetupCode(options.dataFolder)
  const tokens = await TokenService.create({ database, keyStore, now })
  const accounts = new AccountsService({
    database,
    tokens,
    hasher,
    policy: PasswordPolicy.load(data('accounts', 'common-passwords.txt')),
    guard: new SignInGuard({ database, key: await secretKey(keyStore, 'attempts.key'), now }),
    setupCode,
    onErased: (userIds, queries) => settings.erasePeople(userIds, queries),
  })
  if (!(await accounts.hasAdministrator())) setupCode.ensure()
  await accounts.eraseGuests()

  const messages = new MessagesStore(database)
  await messages.closeInterrupted()
  const texts = readInstructions(data('instructions', 'assistant.yaml'))
  const memory = new MemoryService({ database, messages, texts, rules: () => readMemoryRules(data('memory')), now })
  const conversations = new ConversationsService({
    database,
    now,
    onHistoryChanged: (conversationId, fromSequence, queries) => memory.historyChanged(conversationId, fromSequence, queries),
  })
  const feedback = new FeedbackService({ database, conversations })
  const triage = await TriageService.load(data('triage'))
  const knowledge = await KnowledgeService.start({
    database,
    articlesFolder: data('knowledge'),
    lexiconFolder: data('lexicon'),
    modelsFolder: path.join(options.resourcesFolder, 'resources', 'models'),
    indexFolder: path.join(options.dataFolder, 'index'),
    logger,
  })
  const providers = await ProvidersService.create({
    keyStore,
    deviceStore: settings,
    environment,
    logger,
    recordUsage: (usage) => recordProviderUsage(database, usage),
  })
  knowledge.setContentPolicy((await settings.device()).content_policy)
  settings.onDeviceChange((device) => knowledge.setContentPolicy(device.content_policy))

  const consent = new ConsentService({
    database,
    kiosk: options.kiosk,
    cloudProviders: async () => (await providers.list()).filter(({ provider, configured, enabled }) => configured && enabled && providerDefinitions[provider].cloud).map(({ provider }) => provider),
  })
  const concealments = new Concealments({
    finder: IdentifierFinder.load(data()),
    messages,
    profileOf: (userId) => accounts.profileOf(userId),
  })
  const sessionIsLive = (sessionId: string): Promise<boolean> => tokens.sessionIsLive(sessionId)
  const watch = new ConversationWatch({ sessionIsLive })
  const passages = new PassageSearch({ knowledge, logger })
  const rewriting = new QueryRewriting({ providers, concealments, texts })
  const check = new OutputCheck(readAnswerRules(data('answers')))
  const byProvider = new ProviderAnswering({ providers, memory, messages, concealments, check, lexicon: () => knowledge.lexicon() })
  const completions = new AnswerCompletions({
    database,
    store: new CompletionsStore(database),
    messages,
    conversations,
    passages,
    byProvider,
    providers,
    consent,
    memory,
    preferences: (userId) => settings.preferences(userId),
    publish: (userId, change) => watch.publish(userId, change),
    kiosk: options.kiosk,
    sessionIsLive,
    now,
    logger,
    ...(completionLimits ? { limits: completionLimits } : {}),
  })
  const answering = new QuestionAnswering({ messages, triage, passages, rewriting, knowledge, memory, providers, consent, byProvider, completions, texts, logger })
  const chat = new ChatService({ database, conversations, messages, memory, answering, providers, consent, concealments, completions, watch, detectLanguage, logger })
  const deviceSpeech = new DeviceWhisper({ modelsFolder: path.join(options.resourcesFolder, 'resources', 'models') })
  deviceSpeech.setFolder((await settings.device()).speech_model_folder)
  settings.onDeviceChange((device) => deviceSpeech.setFolder(device.speech_model_folder))
  const speech = new SpeechService({ readAudio: (bytes, signal) => readInThread(bytes, signal), device: deviceSpeech, providers, consent, detectLanguage, logger })
  const translation = new TranslationService({ database, conversations, providers, consent, concealments, detectLanguage, instructions: texts.translate })
  const uploads = new UploadsStore(database)
  const documents = new DocumentsService({ database, uploads, reader: new DocumentReader(), knowledge, namesOf: (userIds) => accounts.namesOf(userIds), logger })
  const watchFolder = new WatchFolder({ documents, uploads, logger })
  settings.onDeviceChange((device) => watchFolder.setFolder(device.watch_folder))
  const eraseDeleted = async (): Promise<number> => {
    const erased = documents.takeErased()
    if (erased > 0) await purgeErased(database, ['documents', 'passages', 'uploaded_documents'])
    return erased + (await conversations.eraseDeleted())
  }
  const maintenance = new DatabaseMaintenance({ database, eraseDeleted, logger })

  const router = new Router({
    handlers: {
      system: systemHandlers({ options, database, accounts, providers, knowledge, settings, notices: opened.quarantined ? ['folder_quarantined'] : [] }),
      accounts: accountsHandlers(accounts),
      conversations: conversationsHandlers(conversations),
      chat: chatHandlers(chat, completions, watch),
      consent: consentHandlers(consent),
      knowledge: knowledgeHandlers(knowledge, settings),
      providers: providersHandlers(providers),
      settings: settingsHandlers(settings),
      feedback: feedbackHandlers(feedback),
      memory: memoryHandlers(memory, conversations),
      documents: documentsHandlers(documents, watchFolder),
      rag: ragHandlers(chat),
      voice: voiceHandlers({ speech, translation, chat, conversations }),
    },
    verifyToken: (token) => tokens.verifyAccess(token),
    rateLimiter: new RateLimiter(readRateLimit(environment)),
    logger,
  })
  maintenance.start()
  completions.start()
  watchFolder.setFolder((await settings.device()).watch_folder)

  return {
    router,
    database,
    knowledge,
    close: async () => {
      maintenance.stop()
      await chat.close()
      await Promise.all([documents.close(), watchFolder.close(), deviceSpeech.close()])
      await knowledge.close()
      await hasher.close()
      await opened.close()
    },
  }
}

/** Calls of class `ask` a person a minute: document C's RATE_LIMIT_PER_MINUTE, 60 by default. */
function readRateLimit(environment: NodeJS.ProcessEnv): number {
  const configured = Number(environment['RATE_LIMIT_PER_MINUTE'])
  return Number.isInteger(configured) && configured > 0 ? configured : 60
}
