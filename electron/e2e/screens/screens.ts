import type { Page } from '@playwright/test'
import { ChatScreen } from './chat-screen.js'
import { DocumentsScreen } from './documents-screen.js'
import { EntryScreen } from './entry-screen.js'
import { SettingsScreen } from './settings-screen.js'
import { SourceScreen } from './source-screen.js'

/** The screens of one window. */
export class Screens {
  readonly page: Page
  readonly entry: EntryScreen
  readonly chat: ChatScreen
  readonly source: SourceScreen
  readonly settings: SettingsScreen
  readonly documents: DocumentsScreen

  constructor(page: Page) {
    this.page = page
    this.entry = new EntryScreen(page)
    this.chat = new ChatScreen(page)
    this.source = new SourceScreen(page)
    this.settings = new SettingsScreen(page)
    this.documents = new DocumentsScreen(page)
  }
}
