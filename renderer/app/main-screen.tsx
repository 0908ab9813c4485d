import { useCallback, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { Dialog } from '../components/dialog.js'
import { ChatScreen } from '../features/chat/chat-screen.js'
import { ConversationList } from '../features/conversations/conversation-list.js'
import { DocumentsScreen } from '../features/documents/documents-screen.js'
import { SettingsScreen } from '../features/settings/settings-screen.js'
import { SourcePanel } from '../features/sources/source-panel.js'
import { useServices } from './services.js'
import { StatusBar } from './status-bar.js'
import { useAttempt } from './use-attempt.js'
import { useMediaQuery } from './use-media-query.js'
import { useShortcuts } from './use-shortcuts.js'
import { createWorkspace, WorkspaceContext, type Workspace } from './workspace.js'

/** Widths from which the list, and the source beside the chat, have room of their own. */
const listHasRoom = '(min-width: 60rem)'
const sourceHasRoom = '(min-width: 75rem)'
/** A kiosk's larger type needs more. */
const sourceHasRoomOnKiosk = '(min-width: 92rem)'

/** Everything of a signed-in person: the list, the conversation, its sources, the settings. */
export function MainScreen() {
  const { client } = useServices()
  const [workspace] = useState(() => createWorkspace(client))
  useEffect(() => {
    void workspace.chat.watch()
    return () => workspace.close()
  }, [workspace])
  return (
    <WorkspaceContext value={workspace}>
      <SignedInWindow workspace={workspace} />
    </WorkspaceContext>
  )
}

function SignedInWindow({ workspace }: { workspace: Workspace }) {
  const { t } = useTranslation()
  const { appearance, connection, device } = useServices()
  const attempt = useAttempt()
  const [view, setView] = useState<'chat' | 'documents' | 'settings'>('chat')
  const [drawerOpen, setDrawerOpen] = useState(false)
  const wide = useMediaQuery(listHasRoom)
  const kiosk = useStore(device, (state) => state.info?.kiosk === true)
  const roomy = useMediaQuery(kiosk ? sourceHasRoomOnKiosk : sourceHasRoom)
  const sourceOpen = useStore(workspace.sources, (state) => state.open !== null)
  const connected = useStore(connection, (state) => state.status === 'connected')

  const { conversations, preferences, consent, sources } = workspace
  useEffect(() => {
    if (connected) void attempt(() => Promise.all([conversations.load(), consent.load(), preferences.load().then(() => appearance.setTheme(preferences.getState().preferences.theme))]))
  }, [connected, attempt, conversations, consent, preferences, appearance])

  const startNew = useCallback(() => {
    conversations.startNew()
    sources.close()
    setView('chat')
    setDrawerOpen(false)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-composer]')?.focus())
  }, [conversations, sources])
  const pick = useCallback(
    (key: string) => {
      if (conversations.getState().selected !== key) sources.close()
      conversations.select(key)
      setView('chat')
      setDrawerOpen(false)
    },
    [conversations, sources],
  )
  const openSettings = useCallback(() => {
    setView('settings')
    setDrawerOpen(false)
  }, [])
  const openDocuments = useCallback(() => {
    sources.close()
    setView('documents')
    setDrawerOpen(false)
  }, [sources])
  useShortcuts(
    useMemo(
      () => ({
        onNew: startNew,
        onSearch: () => {
          setDrawerOpen(!window.matchMedia(listHasRoom).matches)
          requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-conversation-search]')?.focus())
        },
        onSettings: openSettings,
      }),
      [startNew, openSettings],
    ),
  )

  const list = <ConversationList onNew={startNew} onPick={pick} onSettings={openSettings} onDocuments={openDocuments} view={view} />
  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-0 flex-1">
        {wide ? (
          <nav aria-label={t('conversations.title')} className="flex w-80 shrink-0 flex-col border-r border-line bg-sunken">
            {list}
          </nav>
        ) : (
          <Dialog open={drawerOpen} onClose={() => setDrawerOpen(false)} title={t('conversations.title')} shape="side">
            <nav aria-label={t('conversations.title')} className="flex h-full min-h-0 flex-col bg-sunken">
              {list}
            </nav>
          </Dialog>
        )}
        <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col outline-none">
          {view === 'settings' ? (
            <SettingsScreen onBack={() => setView('chat')} />
          ) : view === 'documents' ? (
            <DocumentsScreen onBack={() => setView('chat')} />
          ) : (
            <ChatScreen {...(wide ? {} : { onOpenList: () => setDrawerOpen(true) })} />
          )}
        </main>
        {sourceOpen && view !== 'settings' && <SourcePanel beside={roomy} />}
      </div>
      <StatusBar />
    </div>
  )
}
