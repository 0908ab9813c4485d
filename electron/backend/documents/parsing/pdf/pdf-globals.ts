/**
 * What pdf.js expects of a browser or of a canvas library when it is loaded. Reading text draws nothing, so that what does nothing will do.
 * Has to be imported before pdf.js.
 */
function NotDrawn(): void {
  // Constructed when pdf.js is loaded, and never used.
}

const scope = globalThis as unknown as Record<string, unknown>
for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) scope[name] ??= NotDrawn
// Node 20 has none, and in Electron's own processes pdf.js does not put its own in place.
scope['navigator'] ??= { language: 'en', platform: '', userAgent: '' }
