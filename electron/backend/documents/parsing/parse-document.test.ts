import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { pageAt } from '../../knowledge/passages/page-at.js'
import { lines, makeBook, makeEncryptedPdf, makePdf, makeScan } from '../testing/make-pdf.js'
import { makeDocxAround, makeZip } from '../testing/make-zip.js'
import { DocumentFailure } from './document-failure.js'
import { parseDocument, type ParsedDocument } from './parse-document.js'

const parse = (content: Uint8Array | string, fileName: string): Promise<ParsedDocument> =>
  parseDocument({ bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content, fileName, fallback: 'en', onProgress: () => undefined })
const failure = (content: Uint8Array | string, fileName: string): Promise<string> =>
  parse(content, fileName).then(
    () => 'it was taken in',
    (error: unknown) => (error instanceof DocumentFailure ? error.code : String(error)),
  )

describe('a PDF', () => {
  it('keeps headings, paragraphs, lists and tables, makes divided words whole and drops what stands on every page', async () => {
    const pages = [
      [
        { text: 'Treatment of severe malaria', y: 100, size: 20 },
        ...lines(['Give artesunate at a dose of 2.4 mg/kg to adults who are hospita-', 'lised, and repeat it after twelve and twenty-four hours as the ward', 'protocol says. Watch the level of glucose in the blood.', '', '• Check the airway.', '• Take the temperature every four hours and', 'write it down.'], 140),
        { text: 'Doses', y: 270, size: 15 },
        ...[['Medicine', 'Dose', 'Interval'], ['Artesunate', '2.4 mg/kg', '12 hours'], ['Quinine', '20 mg/kg', '8 hours'], ['Paracetamol', '15 mg/kg', '6 hours']].flatMap((row, at) =>
          row.map((text, column) => ({ text, x: 60 + column * 140, y: 300 + at * 16 })),
        ),
        ...lines(['After the third dose the patient is seen by the doctor, who decides whether', 'treatment by mouth can begin and for how many days it should be'], 400),
      ],
      lines(['continued at home. The family is told which signs mean coming back.', '', '2.1 Fluids', '', 'Fluids are given with care in adults, because the lungs fill easily when the', 'capillaries leak. Peut-', 'être that word keeps its hyphen.']),
      lines(['The third page ends the protocol and names the people who wrote it for the ward.']),
      lines(['The fourth page is for notes that nurses add by hand during the year on duty.']),
    ]
    const document = await parse(await makePdf(pages, { head: (page) => `Hospital protocol, page ${page}`, foot: (page) => `${page}` }), 'severe_malaria v2.pdf')
    expect(document).toMatchObject({ format: 'pdf', title: 'severe malaria v2', lang: 'en', pagesWithoutText: 0 })
    expect(document.pageStarts).toHaveLength(4)
    expect(document.content).toContain('## Treatment of severe malaria\n\nGive artesunate at a dose of 2.4 mg/kg to adults who are hospitalised, and repeat')
    expect(document.content).toContain('- Check the airway.\n- Take the temperature every four hours and write it down.')
    expect(document.content).toContain('### Doses\n\n| Medicine | Dose | Interval |\n| --- | --- | --- |\n| Artesunate | 2.4 mg/kg | 12 hours |\n')
    expect(document.content).toContain('days it should be continued at home.')
    expect(document.content).toContain('#### 2.1 Fluids')
    expect(document.content).toContain('Peut-être')
    expect(document.content).not.toContain('Hospital protocol')
    expect(document.content).not.toMatch(/^\d+$/m)
    expect(document.passages.map((passage) => passage.heading)).toContain('Treatment of severe malaria > Doses')
  })

  it('knows the page of every passage', async () => {
    const document = await parse(await makeBook(40, (page) => [`Chapter text number ${page} speaks of the ward and of what nurses do there.`, `The secret word of this page is word${page}x, and it ends here.`]), 'book.pdf')
    for (let page = 1; page <= 40; page++) {
      const offset = document.content.indexOf(`word${page}x`)
      expect(pageAt(document.pageStarts ?? [], offset), `page ${page}`).toBe(page)
    }
    expect(document.passages.every(({ start, end }) => start < end && end <= document.content.length)).toBe(true)
  })

  it('reads two columns one after the other, in the order of the page or line by line across', async () => {
    const left = ['The left column tells of fever and of how it is', 'measured on the ward each morning by the nurse', 'who is on duty and who writes the number down in', 'the book that lies at the foot of the bed here.']
    const right = ['The right column tells of cough and of how long it', 'may last before a doctor has to listen to the chest', 'of the patient and perhaps order a picture of the', 'lungs from the department of radiology at once.']
    const columns = (across: boolean): { text: string; x: number; y: number }[] => {
      const placed = [left, right].map((texts, column) => texts.map((text, at) => ({ text, x: 40 + column * 280, y: 120 + at * 14 })))
      return across ? left.flatMap((_, at) => placed.map((column) => column[at]!)) : placed.flat()
    }
    for (const across of [false, true]) {
      const { content } = await parse(await makePdf([columns(across)]), 'columns.pdf')
      expect(content, across ? 'across' : 'in order').toContain('each morning by the nurse who is on duty')
      expect(content).toContain('may last before a doctor has to listen')
      expect(content.indexOf('foot of the bed')).toBeLessThan(content.indexOf('The right column'))
    }
  })

  it('takes a title that the file gives itself, and not the name of a program', async () => {
    const page = [lines(['A page with enough words on it to be read as text by anybody.'])]
    expect((await parse(await makePdf(page, { title: 'Prise en charge du paludisme' }), 'x.pdf')).title).toBe('Prise en charge du paludisme')
    expect((await parse(await makePdf(page, { title: 'Microsoft Word - final.docx' }), 'ward rules.pdf')).title).toBe('ward rules')
  })

  it('says so when it is a scan, encrypted, too long or damaged', async () => {
    expect(await failure(await makeScan(3), 'scan.pdf')).toBe('document_without_text')
    expect(await failure(makeEncryptedPdf(), 'locked.pdf')).toBe('document_encrypted')
    expect(await failure(await makeBook(1000, (page) => [`Page ${page}`]), 'book.pdf')).toBe('document_too_many_pages')
    const whole = await makePdf([lines(['Some text that is cut off before its end, whatever it says.'])])
    expect(await failure(whole.slice(0, 60), 'cut.pdf')).toBe('document_unreadable')
    expect(await failure('%PDF-1.7\nthis is no PDF at all', 'not.pdf')).toBe('document_unreadable')
    expect(await failure(new Uint8Array([...new TextEncoder().encode('%PDF-1.7\n'), ...Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)]), 'noise.pdf')).toBe('document_unreadable')
  })

  it('counts the pages on which there is no text', async () => {
    const document = await parse(await makePdf([lines(['The first page has text that is long enough to be one.']), [], [], lines(['The last page has text as well, and it is long enough too.'])]), 'mixed.pdf')
    expect(document).toMatchObject({ pagesWithoutText: 2 })
    expect(document.pageStarts).toHaveLength(4)
    expect(pageAt(document.pageStarts ?? [], document.content.indexOf('The last page'))).toBe(4)
  })
})

describe('a Word document', () => {
  it('keeps headings, lists and tables', async () => {
    const cell = (text: string): TableCell => new TableCell({ children: [new Paragraph(text)] })
    const file = new Document({
      sections: [
        {
          children: [
            new Paragraph({ text: 'Protocole de la salle', heading: HeadingLevel.TITLE }),
            new Paragraph({ text: 'Fièvre', heading: HeadingLevel.HEADING_1 }),
            new Paragraph({ children: [new TextRun('Prendre la température '), new TextRun({ text: 'toutes les quatre heures', bold: true }), new TextRun('.')] }),
            new Paragraph({ text: 'Noter la valeur', bullet: { level: 0 } }),
            new Paragraph({ text: 'Médicaments', heading: HeadingLevel.HEADING_2 }),
            new Table({ rows: [new TableRow({ children: [cell('Médicament'), cell('Dose')] }), new TableRow({ children: [cell('Paracétamol'), cell('15 mg/kg | 6 h')] })] }),
          ],
        },
      ],
    })
    const document = await parse(new Uint8Array(await Packer.toBuffer(file)), 'protocole.docx')
    expect(document).toMatchObject({ format: 'docx', title: 'Protocole de la salle', lang: 'fr', pageStarts: null })
    expect(document.content).toContain('## Fièvre\n\nPrendre la température **toutes les quatre heures**.')
    expect(document.content).toMatch(/^- Noter la valeur$/m)
    expect(document.content).toContain('### Médicaments')
    expect(document.content).toMatch(/\| Médicament\s+\| Dose\s+\|\n\|[\s-]+\|[\s-]+\|\n\| Paracétamol\s+\| 15 mg\/kg \\\| 6 h\s*\|/)
    expect(document.passages.at(-1)?.heading).toBe('Fièvre > Médicaments')
  })

  it('that is a bomb, lies about its size, is nested without end, locked, cut or something else is refused', async () => {
    const paragraph = '<w:p><w:r><w:t>Some text in a paragraph.</w:t></w:r></w:p>'
    expect((await parse(makeDocxAround(paragraph), 'made.docx')).content).toBe('Some text in a paragraph.')
    expect(await failure(makeDocxAround(`<w:p><w:r><w:t>${' '.repeat(70_000_000)}</w:t></w:r></w:p>`), 'bomb.docx')).toBe('document_too_complex')
    expect(await failure(makeDocxAround(`<w:p><w:r><w:t>${'a'.repeat(20_000_000)}</w:t></w:r></w:p>`), 'well packed.docx')).toBe('document_too_complex')
    expect(await failure(makeDocxAround(paragraph.repeat(1000), { claimedSize: 300 }), 'liar.docx')).toBe('document_too_complex')
    expect(await failure(makeDocxAround('<w:p>'.repeat(100_000)), 'deep.docx')).toMatch(/^document_(too_complex|unreadable)$/)
    expect(await failure(makeDocxAround(paragraph, { encrypted: true }), 'locked.docx')).toBe('document_encrypted')
    expect(await failure(makeDocxAround(paragraph).slice(0, 400), 'cut.docx')).toBe('document_unreadable')
    expect(await failure(makeZip([{ name: 'xl/workbook.xml', content: '<x/>' }]), 'table.docx')).toBe('document_type_not_supported')
    expect(await failure(makeZip(Array.from({ length: 10_001 }, (_, at) => ({ name: `${at}`, content: '' }))), 'many.docx')).toBe('document_too_complex')
    expect(await failure(makeDocxAround(''), 'empty.docx')).toBe('document_without_text')
    const office = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
    expect(await failure(new Uint8Array(office), 'old.doc')).toBe('document_type_not_supported')
    expect(await failure(new Uint8Array(Buffer.concat([office, Buffer.from('EncryptedPackage', 'utf16le')])), 'locked.docx')).toBe('document_encrypted')
  })

  it('expands no entities and opens nothing that it refers to', async () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "haha haha haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY file SYSTEM "file:///etc/passwd">]>'
    const content = `<?xml version="1.0"?>${laughs}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Text &b; &file; end</w:t></w:r></w:p></w:body></w:document>`
    const outcome = await parse(makeDocxAround('', { content }), 'laughs.docx').then((document) => document.content, () => 'refused')
    expect(outcome).not.toContain('haha')
    expect(outcome).not.toContain('root:')
  })
})

describe('a web page', () => {
  it('keeps headings, tables and words, and nothing that runs or is fetched', async () => {
    const html = `<!DOCTYPE html><html><head><title>Ward rules &amp; visits</title><script>alert('run')</script><style>p{}</style></head><body><nav>Menu</nav>
      <h1>Visits</h1><p>Visitors come <b>after four</b>; see <a href="http://example.org/x">the plan</a>.<img src="http://example.org/p.png" alt="A clock"></p>
      <table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>16–18</td></tr></table><h2>Children</h2><p onclick="x()">Children may come with a parent.</p></body></html>`
    const document = await parse(html, 'page.bin')
    expect(document).toMatchObject({ format: 'html', title: 'Ward rules & visits' })
    expect(document.content).toContain('Visitors come **after four**; see the plan.')
    expect(document.content).toMatch(/\| Day\s+\| Hours\s+\|/)
    expect(document.content).toContain('## Children')
    for (const gone of ['alert', 'http', 'Menu', 'onclick', 'p{}']) expect(document.content).not.toContain(gone)
  })

  it('is read in its own encoding', async () => {
    const page = '<html><head><meta charset="windows-1252"></head><body><p>Fièvre élevée à l’hôpital</p></body></html>'
    expect((await parse(new Uint8Array(iconv.encode(page, 'windows-1252')), 'page.html')).content).toBe('Fièvre élevée à l’hôpital')
  })

  it('that is nested without end is refused', async () => {
    expect(await failure(`<html><body>${'<div>'.repeat(200_000)}x</body></html>`, 'deep.html')).toMatch(/^document_(too_complex|unreadable)$/)
  })
})

describe('text', () => {
  it('is read in any usual encoding', async () => {
    const text = 'Le patient a de la fièvre depuis trois jours, même après le traitement donné à l’hôpital.\r\nIl tousse.'
    const wanted = text.replace('\r\n', '\n')
    for (const encoding of ['utf-8', 'windows-1252', 'utf-16le', 'utf-16be', 'macintosh']) {
      const bytes = encoding.startsWith('utf-16') ? Buffer.concat([iconv.encode('\ufeff', encoding), iconv.encode(text, encoding)]) : iconv.encode(text, encoding)
      const document = await parse(new Uint8Array(bytes), 'note.txt')
      if (encoding !== 'macintosh') expect(document.content, encoding).toBe(wanted)
      expect(document).toMatchObject({ format: 'txt', title: 'note', lang: 'fr' })
    }
    expect((await parse(`\ufeff${text}`, 'note.txt')).content).toBe(wanted)
  })

  it('with tabs is a table, and a line of capitals a heading', async () => {
    const { content } = await parse('NIGHT SHIFT\n\nThe nurse writes the report.\n\nBed\tPatient\n1\tfree\n2\ttaken', 'shift.txt')
    expect(content).toBe('## NIGHT SHIFT\n\nThe nurse writes the report.\n\n| Bed | Patient |\n| --- | --- |\n| 1 | free |\n| 2 | taken |')
  })

  it('holds nothing that cannot be stored', async () => {
    const { content } = await parse('A\u0001 line\u0085 with \u00adsoft\u00ad hyphens and e\u0301 accents', 'odd.txt')
    expect(content).toBe('A line with soft hyphens and é accents')
  })

  it('in Markdown keeps its structure below a title of its own', async () => {
    const document = await parse('---\nauthor: x\n---\n\nWard guide\n==========\n\n# Fever\n\nText.\n\n## At night\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n![Plan](data:image/png;base64,AAAA)\n\n```\n# not a heading\n```', 'guide.md')
    expect(document.format).toBe('md')
    expect(document.content).toContain('## Fever\n\nText.\n\n### At night\n\n| a | b |')
    expect(document.content).toContain('\n# not a heading')
    expect(document.content).not.toContain('base64')
  })

  it('that is empty or something else is refused', async () => {
    expect(await failure('', 'x.txt')).toBe('document_empty')
    expect(await failure(' \n\n\t ', 'x.txt')).toBe('document_without_text')
    expect(await failure('-- !! --', 'x.md')).toBe('document_without_text')
    expect(await failure(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), 'picture.txt')).toBe('document_type_not_supported')
    expect(await failure(new Uint8Array(Buffer.from('MZ\x90\x00\x03\x00\x00\x00', 'latin1')), 'program.pdf')).toBe('document_type_not_supported')
    expect(await failure('{\\rtf1 text}', 'x.txt')).toBe('document_type_not_supported')
    expect(await failure('<?xml version="1.0"?><data/>', 'x.txt')).toBe('document_type_not_supported')
    expect(await failure('word '.repeat(1_100_000), 'long.txt')).toBe('document_too_long')
  })
})

describe('a table in a CSV file', () => {
  it('names its columns in every row, whatever parts them', async () => {
    for (const delimiter of [',', ';', '\t']) {
      const text = [['Medicine', 'Dose', 'Note'], ['Paracetamol', '15 mg/kg', '"every six, hours; at most four"'], ['Quinine', '20 mg/kg', '']].map((row) => row.join(delimiter)).join('\n')
      const { content, format } = await parse(text, 'doses.csv')
      expect(format).toBe('csv')
      expect(content).toBe('- Medicine: Paracetamol; Dose: 15 mg/kg; Note: every six, hours; at most four\n- Medicine: Quinine; Dose: 20 mg/kg')
    }
  })

  it('of many rows is parted under headings, and a broken quote costs nothing but its row', async () => {
    const { content, passages } = await parse(`bed,patient\n${Array.from({ length: 120 }, (_, at) => `${at + 1},"name ${at + 1}`).join('"\n')}"`, 'beds.csv')
    expect(content).toContain('## 51–100')
    expect(passages.some(({ heading }) => heading === '101–120')).toBe(true)
    expect(await failure('a,b\n1,"2', 'open.csv')).toMatch(/^(document_unreadable|it was taken in)$/)
  })
})
