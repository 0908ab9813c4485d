/** Publishers of the knowledge base's sources: the only pages that the app opens in the person's browser. */
const allowedHosts = new Set(['www.who.int', 'www.nhs.uk', 'medicalguidelines.msf.org', 'www.ifrc.org', 'www.minsante.cm', 'www.unicef.org', 'www.cdc.gov', 'idf.org', 'ginasthma.org'])

/** Whether a link may be handed to the system's browser. */
export function isAllowedLink(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '' && allowedHosts.has(url.hostname)
}
