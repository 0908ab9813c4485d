import { Menu, type MenuItemConstructorOptions } from 'electron'

const labels = {
  en: { edit: 'Edit', undo: 'Undo', redo: 'Redo', cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select all', view: 'View', larger: 'Larger', smaller: 'Smaller', actualSize: 'Actual size', fullScreen: 'Full screen', quit: 'Quit CareChat', developerTools: 'Developer tools' },
  fr: { edit: 'Édition', undo: 'Annuler', redo: 'Rétablir', cut: 'Couper', copy: 'Copier', paste: 'Coller', selectAll: 'Tout sélectionner', view: 'Affichage', larger: 'Agrandir', smaller: 'Réduire', actualSize: 'Taille réelle', fullScreen: 'Plein écran', quit: 'Quitter CareChat', developerTools: 'Outils de développement' },
} as const

export interface AppMenuOptions {
  locale: string
  kiosk: boolean
  developerTools: boolean
}

/** The few commands that the keyboard needs; a kiosk has none. */
export function setAppMenu({ locale, kiosk, developerTools }: AppMenuOptions): void {
  if (kiosk) {
    Menu.setApplicationMenu(null)
    return
  }
  const text = labels[locale.startsWith('fr') ? 'fr' : 'en']
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    { label: 'CareChat', submenu: [{ role: 'quit', label: text.quit }] },
    {
      label: text.edit,
      submenu: [
        { role: 'undo', label: text.undo },
        { role: 'redo', label: text.redo },
        separator,
        { role: 'cut', label: text.cut },
        { role: 'copy', label: text.copy },
        { role: 'paste', label: text.paste },
        { role: 'selectAll', label: text.selectAll },
      ],
    },
    {
      label: text.view,
      submenu: [
        { role: 'zoomIn', label: text.larger },
        { role: 'zoomOut', label: text.smaller },
        { role: 'resetZoom', label: text.actualSize },
        separator,
        { role: 'togglefullscreen', label: text.fullScreen },
        ...(developerTools ? [{ role: 'toggleDevTools', label: text.developerTools } as const] : []),
      ],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
