function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Whether every word that was typed is somewhere in the title; accents and capitals make no difference. */
export function matchesTitle(title: string, search: string): boolean {
  const words = plain(search).split(/\s+/).filter((word) => word !== '')
  const place = plain(title)
  return words.every((word) => place.includes(word))
}
